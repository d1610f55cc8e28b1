"""Colleagues who are invited to write along, at their own browsers."""

from django.test import Client

from submissions import emails
from submissions.services import invite
from tests.conftest import Respondent


class Guest(Respondent):
    """A browser that has opened the link of an invitation."""

    def __init__(self, invitation):
        self.client = Client()
        self.invitation = invitation
        self.submission = invitation.submission
        self.url = f"/evidence/{self.submission.key}/"
        self.link = path_of(emails.new_guest_url(invitation))

    def open(self):
        return self.client.post(self.link)


def invited(ada, *parts, name="Bo", email=""):
    """Return a guest whom Ada has invited, and who has opened the link."""
    guest = Guest(invite(ada.submission, name=name, email=email, parts=list(parts)))
    guest.open()
    return guest


def path_of(url):
    return url.removeprefix("http://localhost:8000")

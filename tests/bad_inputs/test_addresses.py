"""Addresses for email. Class E; see also tests/submissions/test_emails.py for E18 and E22."""

from typing import ClassVar

import pytest
from django.contrib.auth.models import User

from outbox.models import OutgoingEmail, State
from outbox.tasks import deliver_due
from submissions import services
from submissions.models import LateRequest as Request
from submissions.models import Submission
from tests.review.intakes import make_intake
from tests.staff import as_typed as form_as_typed
from tests.staff import change

from .ways import WAYS, differing, kept, outcome, refused, send

FORMAT = refused("Enter an email address in the correct format, like name@example.com")
LONG = refused("Email address must be 254 characters or fewer")
LABEL = ("b" * 55 + ".") * 4


def as_typed(address):
    return address, kept(address)


ADDRESSES = {
    "E01 no address": ("ada", FORMAT),
    "E01 nothing before the @": ("@x.example", FORMAT),
    "E01 nothing after it": ("ada@", FORMAT),
    "E01 two @": ("a@b@x.example", FORMAT),
    "E02 two": ("a@b.com,c@d.com", FORMAT),
    "E02 two, apart": ("a@b.com; c@d.com", FORMAT),
    "E03 line end and header": ("a@x.com\r\nBcc: eve@x.com", FORMAT),
    "E03 header before": ("Bcc: eve@x.com\na@x.com", FORMAT),
    "E03 header in percent": ("a@x.com%0ABcc:eve@x.com", FORMAT),
    "E04 space around": ("  ada@x.example \xa0", kept("ada@x.example")),
    "E04 line end after": ("ada@x.example\r\n", kept("ada@x.example")),
    "E04 marks of no width around": (
        "\ufeff\u200b ada@x.example\u200b\u202c",
        kept("ada@x.example"),
    ),
    "E04 space within": ("ada @x.example", FORMAT),
    "E05 capitals": as_typed("Ada.O'Brien@Riverside.Example"),
    "E06 domain beyond ASCII": as_typed("a@bücher.example"),
    "E06 the same in ASCII": as_typed("a@xn--bcher-kva.example"),
    "E07 letters beyond ASCII before the @": ("ä@x.com", FORMAT),
    "E07 letters that look the same": ("\u0430da@x.com", FORMAT),
    "E08 address literal": ("a@[127.0.0.1]", FORMAT),
    "E08 the same of IPv6": ("a@[IPv6:::1]", FORMAT),
    "E09 no dot in the domain": ("a@localhost", FORMAT),
    "E09 a dot and nothing": ("a@x.", FORMAT),
    "E10 296 characters": (f"{'a' * 60}@{LABEL}exampleexa.example", LONG),
    "E11 64 before the @": as_typed("a" * 64 + "@x.example"),
    "E11 65 before the @": ("a" * 65 + "@x.example", FORMAT),
    "E11 a label of 64": (f"a@{'b' * 64}.example", FORMAT),
    "E12 two dots": ("a..b@x.com", FORMAT),
    "E12 dot first": (".a@x.com", FORMAT),
    "E12 dot last": ("a.@x.com", FORMAT),
    "E12 dots in the domain": ("a@x..com", FORMAT),
    "E13 quotation marks": ('"a b"@x.com', FORMAT),
    "E13 control in quotation marks": ('"a\x0bb"@x.com', FORMAT),
    "E13 name and brackets": ("Ada <ada@x.com>", FORMAT),
    "E13 comment": ("ada(at home)@x.com", FORMAT),
    "E14 slip of the pen": as_typed("ada@gmial.com"),
    "E14 another": as_typed("ada@hotmial.co.uk"),
    "E15 mailto": ("mailto:ada@x.com", FORMAT),
    "E16 plus": as_typed("a+b@x.com"),
    "E17 marks that are allowed": as_typed("!#$%&'*+-/=?^_`{|}~@x.com"),
    "E19 NUL": ("a@x.com\0", FORMAT),
    "E19 control": ("a\x0b@x.com", FORMAT),
    "E19 of no width": ("a\u200b@x.com", FORMAT),
    "E19 of no width in the domain": ("a@x\u200b.com", FORMAT),
    "E19 from right to left in the domain": ("a@\u202ex.com", FORMAT),
    "E21 markup": ("<script>@x.com", FORMAT),
    "E21 template tags": ("{{7*7}}@x.com", kept("{{7*7}}@x.com")),
    "E23 hyphen first": ("a@-x.com", FORMAT),
    "E23 low line in the domain": ("a@x_y.com", FORMAT),
    "E23 very long": ("a" * 5_000 + "@x.com", LONG),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_address_is_kept_as_typed_or_refused_and_given_back(ada, way, counted):
    before = {"email": "before@x.example"}

    def sent(typed):
        Submission.objects.update(**before)
        response = send(ada, way, {"email": typed}, "about-you", was=before)
        return outcome(response, typed, lambda: ada.saved().email, before["email"])

    assert differing(ADDRESSES, sent, counted) == {}


class Box:
    """A box for an address: how one is typed into it, and what is kept then."""

    before = "before@x.example"
    # What comes of an address otherwise than the table says.
    other: ClassVar = {}

    def __init__(self, ada, admin_client):
        self.ada = ada
        self.staff = admin_client


class SaveAndReturn(Box):
    def type(self, address):
        Submission.objects.update(email=self.before)
        return self.ada.post("save/", email=address)

    def kept(self):
        return self.ada.saved().email


class WayBack(Box):
    """The page for a link: an address is kept as that of the email it asks for."""

    before = None
    # Without an "@" it is taken for a reference, and gets other words.
    other: ClassVar = {
        "E01 no address": refused(
            "Enter an email address, like name@example.com, or a reference, like "
            "KIL-HP4RC7WD"
        )
    }

    def type(self, address):
        OutgoingEmail.objects.all().delete()
        return self.ada.client.post("/resume/", {"email": address, "_end": "1"})

    def kept(self):
        return OutgoingEmail.objects.values_list("to_email", flat=True).first()


class Colleague(Box):
    before = None

    def type(self, address):
        self.ada.submission.invitations.all().delete()
        fields = {"colleague_name": "Bo", "colleague_email": address}
        return self.ada.post("together/", parts="section-1", **fields)

    def kept(self):
        invitations = self.ada.submission.invitations
        return invitations.values_list("email", flat=True).first()


class LateRequest(Box):
    before = ""

    def __init__(self, ada, admin_client):
        super().__init__(ada, admin_client)
        ada.post("section/1/", answer__1__1="Eleven became three.")
        call = ada.submission.consultation
        call.opens_at -= call.closes_at - call.opens_at
        call.closes_at = (
            ada.submission.created_at - (call.closes_at - call.opens_at) / 2
        )
        call.save()

    def type(self, address):
        Submission.objects.update(email="")
        Request.objects.all().delete()
        return self.ada.post("late/", reason="The post was late.", email=address)

    def kept(self):
        return self.ada.saved().email


class Account(Box):
    """An account of staff's. Django writes the domain of its address in small letters."""

    other: ClassVar = {"E05 capitals": kept("Ada.O'Brien@riverside.example")}

    def __init__(self, ada, admin_client):
        super().__init__(ada, admin_client)
        self.robin = User.objects.create_user("robin", is_staff=True)

    def type(self, address):
        User.objects.filter(username="robin").update(email=self.before)
        url = f"/admin/auth/user/{self.robin.pk}/change/"
        return change(self.staff, url, email=address)

    def kept(self):
        self.robin.refresh_from_db()
        return self.robin.email


class Contact(Box):
    """The address that a call gives."""

    def type(self, address):
        call = self.ada.submission.consultation
        type(call).objects.update(contact_email=self.before)
        url = f"/admin/consultations/consultation/{call.pk}/change/"
        return change(self.staff, url, contact_email=address)

    def kept(self):
        call = self.ada.submission.consultation
        call.refresh_from_db()
        return call.contact_email


class Sender(Box):
    """Of evidence that came by post."""

    def __init__(self, ada, admin_client):
        super().__init__(ada, admin_client)
        self.intake = make_intake(User.objects.get(), email=self.before)

    def type(self, address):
        type(self.intake).objects.update(email=self.before)
        url = f"/admin/intake/{self.intake.pk}/sender/"
        typed = form_as_typed(self.staff.get(url).context["form"])
        return self.staff.post(url, typed | {"email": address})

    def kept(self):
        self.intake.refresh_from_db()
        return self.intake.email


BOXES = [SaveAndReturn, WayBack, Colleague, LateRequest, Account, Contact, Sender]


@pytest.mark.parametrize("box", BOXES)
def test_every_box_for_an_address_keeps_to_the_same_rule(
    ada, admin_client, box, counted
):
    box = box(ada, admin_client)
    table = dict(ADDRESSES)
    table |= {name: (ADDRESSES[name][0], comes) for name, comes in box.other.items()}

    def sent(typed):
        return outcome(box.type(typed), typed, box.kept, box.before)

    assert differing(table, sent, counted) == {}


def test_e06_is_sent_to_the_domain_in_ascii(consultation, smtp_sink):
    Submission.objects.create(consultation=consultation, email="a@bücher.example")

    services.request_link("a@bücher.example")
    deliver_due()

    assert [mail["To"] for mail in smtp_sink.journal] == ["a@xn--bcher-kva.example"]


def test_e18_fifty_requests_in_an_hour_send_three_emails(
    consultation, client, smtp_sink
):
    Submission.objects.create(consultation=consultation, email="ada@x.example")

    pages = {
        client.post("/resume/", {"email": "ada@x.example", "_end": "1"}).url
        for _time in range(50)
    }
    deliver_due()

    assert pages == {"/resume/sent/"}
    assert len(smtp_sink.journal) == 3
    suppressed = OutgoingEmail.objects.filter(state=State.CANCELLED)
    assert suppressed.count() == OutgoingEmail.objects.count() - 3


def test_e20_a_very_long_title_is_cut_in_the_subject(consultation, smtp_sink):
    consultation.title = "Long " * 39
    consultation.save()
    draft = services.start(consultation)
    Submission.objects.filter(pk=draft.pk).update(
        email="ada@x.example", name="Ada", publication="not"
    )
    draft.principle_comments.create(comment="Good.")

    services.submit(draft)
    deliver_due()

    assert len(smtp_sink.journal[0]["Subject"]) <= 150


def test_e22_staff_see_that_an_address_bounced(ada, smtp_sink, admin_client):
    smtp_sink.script("RCPT", "550 5.1.1 Nobody here")
    ada.post("about-you/", name="Ada", email="gone@x.example", publication="not")
    ada.post("principles/", comment="Good.")
    ada.post("check/")

    deliver_due()

    page = admin_client.get("/admin/outbox/outgoingemail/").content.decode()
    assert ada.get("sent/").status_code == 200
    assert "could not be delivered" in page

"""Intakes, and documents as they come by email, made while a test runs."""

import io

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from consultations.models import Consultation
from review.intake import services
from tests.staff import member_of_staff

LETTER = """Dear Locality,

Eleven contracts became three.

A grant of £5,000 did it.

We agree with smaller lots.

Yours, Ada O'Brien"""


def moderator(name):
    return member_of_staff(name, "view_submission", "moderate_submission")


def make_intake(staff, *, text=LETTER, **details):
    """Make one that came by post a minute ago, with a letter."""
    call = Consultation.objects.first()
    details = {
        "consultation": call,
        "channel": "post",
        "received_at": timezone.now() - timezone.timedelta(minutes=1),
        "name": "Ada O'Brien",
    } | details
    intake = services.start(details, staff=staff)
    if text:
        services.add_text(intake, name="Letter", text=text, staff=staff)
    return intake


def upload(content, name):
    return SimpleUploadedFile(name, content)


def pdf_of(*paragraphs):
    """Return a PDF whose paragraphs run over several lines."""
    out = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(out).build([Paragraph(text, style) for text in paragraphs])
    return out.getvalue()


def word_file(build):
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

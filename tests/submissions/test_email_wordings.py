"""What emails say when staff have worded them, and that nobody's text is evaluated."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from outbox import kinds
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from submissions import emails, services
from submissions.email_wordings import (
    LETTERS,
    check_wording,
    fill,
    our_wording,
    sample_message,
)
from submissions.models import EmailWording, LateRequest
from submissions.services import keep_answers, keep_details
from submissions.services.email_wordings import WordedMeanwhile, word_email

ADDRESS = "ada@riverside.example"
BODY = "[greeting]\n\nYou sent “[call]”, {{ 7 }} {% debug %}\n\nKeep [Reference].\n"


@pytest.fixture
def ready(draft):
    """A draft that can be sent."""
    keep_details(draft, {"name": "Ada", "email": ADDRESS, "publication": "not"})
    question = draft.consultation.sections.first().questions.first()
    keep_answers(draft, {question.pk: ("Words", "publish")})
    return draft


@pytest.fixture
def word(consultation, admin_user):
    """Word a letter as staff do, after the versions that there are."""

    def word(letter, subject, body):
        started_from = consultation.email_wordings.filter(letter=letter).count()
        return word_email(
            consultation,
            LETTERS[letter],
            subject=subject,
            body=body,
            staff=admin_user,
            started_from=started_from,
        )

    return word


def texts(smtp_sink):
    """Deliver what is due; return (subject, text) of each email."""
    deliver_due()
    return [
        (mail["Subject"], mail.get_body(["plain"]).get_content())
        for mail in smtp_sink.journal
    ]


def test_an_email_says_what_staff_wrote(ready, word, smtp_sink):
    word("acknowledgement", "Thank you – [reference]", BODY)

    submission = services.submit(ready)

    [(subject, text)] = texts(smtp_sink)
    assert subject == f"Thank you – {submission.reference}"
    assert text.split("\n\n")[:3] == [
        "Dear Ada,",
        (
            "You sent “Keep it Local: For services that transform lives”, "
            "{{ 7 }} {% debug %}"
        ),
        f"Keep {submission.reference}.",
    ]


def test_what_a_respondent_typed_is_not_looked_at_again(ready, word, smtp_sink):
    keep_details(ready, {"name": "[reference] {{ 7|upper }}"})
    word("acknowledgement", "Thank you", BODY)

    services.submit(ready)

    [(_subject, text)] = texts(smtp_sink)
    assert text.startswith("Dear [reference] {{ 7|upper }},")


def test_a_wording_holds_for_its_own_call_and_letter_alone(ready, word, smtp_sink):
    word("withdrawal", "Gone – [reference]", "[reference]")

    submission = services.submit(ready)

    assert texts(smtp_sink)[0][0] == (
        f"We have received your evidence – {submission.reference}"
    )


def test_people_of_another_language_get_our_own_wording(ready, word, smtp_sink):
    word("acknowledgement", "Thank you – [reference]", BODY)
    ready.language = "eo"
    ready.save()

    submission = services.submit(ready)

    assert texts(smtp_sink)[0][0] == (
        f"We have received your evidence – {submission.reference}"
    )


def test_staff_go_back_to_our_wording_and_every_version_is_kept(
    ready, word, smtp_sink, consultation
):
    word("acknowledgement", "First – [reference]", BODY)
    word("acknowledgement", "Second – [reference]", BODY)
    word("acknowledgement", "", "")

    submission = services.submit(ready)

    assert texts(smtp_sink)[0][0] == (
        f"We have received your evidence – {submission.reference}"
    )
    versions = consultation.email_wordings.values_list("number", "subject")
    assert list(versions) == [
        (3, ""),
        (2, "Second – [reference]"),
        (1, "First – [reference]"),
    ]


def test_two_who_word_the_same_email_do_not_overwrite_one_another(
    consultation, admin_user
):
    letter = LETTERS["acknowledgement"]
    both = {"body": BODY, "staff": admin_user, "started_from": 0}
    word_email(consultation, letter, subject="One", **both)

    with pytest.raises(WordedMeanwhile):
        word_email(consultation, letter, subject="Two", **both)

    assert EmailWording.objects.get().subject == "One"


def test_a_rehearsal_says_so_whatever_staff_wrote(ready, word, smtp_sink, consultation):
    word("acknowledgement", "Thank you", BODY)
    services.submit(ready)

    [(_subject, text)] = texts(smtp_sink)

    assert text.rstrip().endswith(
        "This is a rehearsal: nothing that is sent reaches Locality."
    )


def test_a_subject_stays_one_line(ready, word, smtp_sink, consultation):
    consultation.title = "Two\nlines\r\nBcc: eve@example.org"
    consultation.save()
    word("acknowledgement", "About [call]", BODY)

    services.submit(ready)

    deliver_due()
    [message] = smtp_sink.journal
    assert message["Subject"] == "About Two lines Bcc: eve@example.org"
    assert message["Bcc"] is None


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_our_own_wording_keeps_the_rules_for_wordings(letter, consultation):
    subject, body = our_wording(letter)

    check_wording(letter, subject, body)
    said = sample_message(letter, consultation, subject, body)

    assert "[" not in said.subject + said.text
    assert 0 < len(said.subject) <= 150


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        ("Hello", "[refrence]", {"body": ["[refrence] is not a placeholder", "must"]}),
        ("Hello [nme]", "[reference]", {"subject": ["[nme] is not a placeholder"]}),
        ("Hello", "No placeholder", {"body": ["The text must have [reference]"]}),
        ("Hello", "[reference] [call", {"body": ["A square bracket stands alone"]}),
        ("[link]", "[reference]", {"subject": ["[link] belongs in the text"]}),
        ("Hello", "[reference] [stop link]", {"body": ["[stop link] is not"]}),
    ],
)
def test_what_would_make_an_email_of_no_use_is_refused(subject, body, problem):
    with pytest.raises(ValidationError) as refused:
        check_wording(LETTERS["acknowledgement"], subject, body)

    found = refused.value.message_dict
    assert set(found) == set(problem)
    [(field, starts)] = problem.items()
    assert len(found[field]) == len(starts)
    for said, start in zip(found[field], starts, strict=True):
        assert start in said


def test_the_refusal_names_what_there_is():
    with pytest.raises(ValidationError) as refused:
        check_wording(LETTERS["late-request-notice"], "Hello", "[link] [name]")

    assert refused.value.message_dict == {
        "body": [
            (
                "[name] is not a placeholder of this email. These are: [call], "
                "[closing date], [contact address], [link]"
            )
        ]
    }


def test_capitals_and_spaces_do_not_matter_in_a_placeholder():
    assert fill("[Closing  Date] [other]", {"closing date": "soon"}) == "soon [other]"


@pytest.fixture
def everything(ready, consultation):
    """What each kind of email can be about, by kind."""
    revised = services.submit(ready)
    draft = services.start(consultation)
    keep_details(draft, {"name": "Ada", "email": ADDRESS, "wants_reminders": True})
    request = LateRequest.objects.create(submission=draft, reason="Ill")
    invited = services.invite(draft, name="Bo", email=ADDRESS, parts=["section-1"])
    sent, unsent = {"submission": revised.pk}, {"submission": draft.pk}
    revised.withdrawn_at = timezone.now()
    revised.save()
    return {
        emails.ACKNOWLEDGEMENT: sent,
        emails.INTAKE_ACKNOWLEDGEMENT: sent,
        emails.CHANGE_ACKNOWLEDGEMENT: sent | {"number": 1},
        emails.PUBLICATION_CHANGE: sent,
        emails.WITHDRAWAL: sent,
        emails.DEADLINE_REMINDER: unsent,
        emails.RESUME_LINK: {},
        emails.INVITATION: {"invitation": invited.pk},
        emails.LATE_REQUEST: unsent,
        emails.LATE_REQUEST_NOTICE: {"late_request": request.pk},
        emails.LATE_DECISION: unsent,
    }


def decide(request, *, is_accepted):
    request.is_accepted = is_accepted
    request.decision, request.decided_at = "Because", timezone.now()
    request.save()
    request.submission.accepted_until = timezone.now() + dt.timedelta(days=1)
    request.submission.save()


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_every_placeholder_of_every_email_is_filled_in(letter, everything, word):
    kind = letter.name
    if kind.startswith(emails.LATE_DECISION):
        request = LateRequest.objects.get()
        decide(request, is_accepted=kind.endswith("accepted"))
        kind = emails.LATE_DECISION
    lines = [f"{name}: [{name}]" for name in letter.known]
    word(letter.name, "Hello", "\n".join(lines))

    email = OutgoingEmail(kind=kind, to_email=ADDRESS, context=everything[kind])
    text = kinds.get(kind).compose(email).text

    for name in letter.known:
        assert f"{name}: " in text
    assert "[" not in text
    assert "None" not in text


def test_a_test_goes_to_whoever_asks_and_shows_nobodys_response(
    ready, consultation, smtp_sink
):
    staff = get_user_model().objects.create_user("sam", email="sam@locality.example")
    services_of_wordings = services.email_wordings

    for _click in range(2):
        services_of_wordings.send_test(
            consultation,
            LETTERS["acknowledgement"],
            subject="Thank you – [reference]",
            body="[greeting]\n\n[reference]",
            staff=staff,
            key="1",
        )
    deliver_due()

    [message] = smtp_sink.journal
    assert message["To"] == "sam@locality.example"
    assert message["Subject"] == "TEST: Thank you – KIL-HP4RC7WD"
    assert message.get_body(["plain"]).get_content().startswith("Dear Sam Taylor,")
    assert not EmailWording.objects.exists()

"""From a letter to a submission: placed by one of staff, checked by another."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from consultations.models import Question
from outbox.models import OutgoingEmail
from review.intake import services
from review.models import AuditEntry, Intake, PlacedParagraph, mark_of
from submissions.models import LateRequest, StoredFile, Submission
from submissions.services import sweep_files
from tests.files import docx, image, pdf
from tests.review.intakes import LETTER, make_intake, moderator, pdf_of, upload
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent

INBOX = "/admin/intake/"


@pytest.fixture
def mo(consultation):
    """One of staff who takes evidence in."""
    return moderator("mo")


@pytest.fixture
def desk(client, mo):
    return sign_in(client, mo)


@pytest.fixture
def intake(mo):
    return make_intake(mo)


def url_of(intake, page=""):
    return f"{INBOX}{intake.pk}/{page}"


def typed(client, intake, **fields):
    """Return what a browser sends from the page of placing when these are changed."""
    form = client.get(url_of(intake)).context["form"]
    data = {one.html_name: "" if one.value() is None else one.value() for one in form}
    data |= {name.replace("__", "-"): value for name, value in fields.items()}
    return data | {"_end": "1"}


def numbers(intake, *chosen):
    original = intake.originals.first()
    return [f"{original.pk}-{number}" for number in chosen]


def text_under(intake, place):
    return intake.transcriptions.get(place=place).text


def details(**changed):
    moment = timezone.localtime() - dt.timedelta(minutes=2)
    return {
        "consultation": Submission._meta.get_field("consultation")
        .related_model.objects.get()
        .pk,
        "channel": "email",
        "received_at_0": f"{moment:%Y-%m-%d}",
        "received_at_1": f"{moment:%H:%M}",
        "organisation": "Riverside Community Trust",
        "email": "ada@riverside.example",
    } | changed


def test_evidence_goes_from_an_email_to_a_submission_with_a_receipt(desk, consultation):
    started = desk.post(f"{INBOX}start/", details())
    intake = Intake.objects.get()
    assert started.url == url_of(intake, "originals/")
    file = upload(pdf_of("Eleven contracts became three.", "We agree."), "Letter.pdf")
    desk.post(started.url, {"text": "", "title": "", "files": [file], "_end": "1"})
    desk.post(
        url_of(intake),
        typed(desk, intake, paragraph=numbers(intake, 1), put="question-1-1"),
    )
    desk.post(
        url_of(intake),
        typed(desk, intake, **{"stance-principle-2-v1": "agree"}, hand_over="1"),
    )

    checker = sign_in(Client(), moderator("cy"))
    intake.refresh_from_db()
    done = checker.post(
        url_of(intake, "check/"), {"seen": intake.handed_over_at.isoformat()}
    )

    assert done.url == url_of(intake, "check/")
    submission = Submission.objects.submitted().get()
    intake.refresh_from_db()
    assert intake.submission == submission
    assert submission.channel == "email"
    assert submission.submitted_at == intake.received_at
    assert submission.respondent == "Riverside Community Trust"
    # Nothing was said about it.
    assert submission.publication == "not"
    assert not submission.is_late
    answers = submission.answers.values_list("question__code", "text")
    assert list(answers) == [("1.1", "Eleven contracts became three.")]
    comment = submission.principle_comments.get()
    assert (comment.version.principle.number, comment.stance) == (2, "agree")
    attached = submission.attachments.get()
    assert (attached.name, attached.confidence) == ("Letter.pdf", "locality-only")
    revision = submission.revisions.get()
    assert revision.contents["answers"][0]["text"] == "Eleven contracts became three."
    email = OutgoingEmail.objects.get()
    assert (email.kind, email.to_email) == (
        "intake-acknowledgement",
        "ada@riverside.example",
    )


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"channel": "online"}, "channel", "online is not one of the available"),
        ({"received_at_0": "2090-01-01"}, "received_at", "cannot have come in the fut"),
        ({"received_at_1": ""}, "received_at", "Enter when it was received"),
        ({"organisation": " "}, "name", "Enter a name or an organisation"),
        ({"email": "ada"}, "email", "Enter an email address in the correct format"),
        ({"organisation": "A\0B"}, "organisation", "cannot store"),
        ({"publication": "yes"}, "publication", "not one of the available"),
    ],
)
def test_details_that_cannot_be_are_refused_in_words(desk, changed, field, words):
    response = desk.post(f"{INBOX}start/", details(**changed))

    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert not Intake.objects.exists()


def test_late_evidence_needs_a_reason_and_is_marked_late(desk, close, consultation):
    close(minutes=60)
    refused = desk.post(f"{INBOX}start/", details())
    assert refused.status_code == 422
    assert "The call closed at" in str(refused.context["form"].errors["late_reason"])

    desk.post(f"{INBOX}start/", details(late_reason="The post was on strike."))

    intake = Intake.objects.get()
    assert intake.is_late
    assert intake.late_reason == "The post was on strike."
    services.keep_texts(intake, {"question-1-1": ("Late words", "", mark_of())})
    submission = take_in(intake)
    assert submission.is_late
    assert not submission.can_be_amended


def test_what_came_in_time_is_not_late_however_late_it_is_typed(desk, close, mo):
    close(minutes=60)
    in_time = timezone.now() - dt.timedelta(minutes=70)
    intake = make_intake(mo, received_at=in_time)
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})

    assert not take_in(intake).is_late


def take_in(intake):
    """Hand over and take in, by two people."""
    services.hand_over(intake, staff=intake.started_by)
    intake.refresh_from_db()
    return services.take_in(intake, staff=moderator("cy"), seen=intake.handed_over_at)


def test_words_that_stand_nowhere_are_counted_before_they_are_lost(desk, intake):
    desk.post(
        url_of(intake),
        typed(desk, intake, paragraph=numbers(intake, 1), put="question-1-1"),
    )

    listed = desk.post(url_of(intake), typed(desk, intake, hand_over="1"), follow=True)

    checker = sign_in(Client(), moderator("cy"))
    checked = checker.get(url_of(intake, "check/"))
    words = "4 paragraphs of the original stand nowhere."
    assert [words in page.content.decode() for page in (listed, checked)] == [
        True,
        True,
    ]


def test_paragraphs_go_to_several_places_and_are_marked_there(desk, intake):
    for place in ("question-1-1", "question-2-3"):
        desk.post(
            url_of(intake),
            typed(desk, intake, paragraph=numbers(intake, 3, 2), into=place),
        )
    response = desk.post(
        url_of(intake),
        typed(desk, intake, paragraph=numbers(intake, 1, 5), into="aside"),
    )

    page = desk.get(url_of(intake))
    together = "Eleven contracts became three.\n\nA grant of £5,000 did it."
    assert text_under(intake, "question-1-1") == together
    assert text_under(intake, "question-2-3") == together
    first, second, third, fourth, fifth = page.context["desk"].paragraphs
    assert [one.code for one in second.placed] == ["1.1", "2.3"]
    assert [one.place for one in first.placed] == ["aside"]
    assert page.context["desk"].unplaced == [fourth]
    assert "<strong>1</strong> of 5 paragraphs is not placed" in page.content.decode()
    assert response.url == url_of(intake) + f"#paragraph-{fourth.key}"
    assert third.placed
    assert fifth.placed


def test_a_second_click_puts_nothing_twice(desk, intake):
    data = typed(desk, intake, paragraph=numbers(intake, 2), put="question-1-1")
    desk.post(url_of(intake), data)
    standing = typed(desk, intake, paragraph=numbers(intake, 2), put="question-1-1")
    desk.post(url_of(intake), standing)

    assert text_under(intake, "question-1-1") == "Eleven contracts became three."


def test_a_part_of_a_paragraph_is_put_in_its_words(desk, intake):
    data = {"paragraph": numbers(intake, 2), "put": "question-1-1"}
    desk.post(url_of(intake), typed(desk, intake, **data, words="Eleven contracts"))
    refused = desk.post(url_of(intake), typed(desk, intake, **data, words="Twelve"))

    assert text_under(intake, "question-1-1") == "Eleven contracts"
    assert PlacedParagraph.objects.get().is_part
    assert refused.status_code == 422


def test_taking_back_takes_the_words_out_and_leaves_what_was_edited(desk, intake):
    data = {"paragraph": numbers(intake, 2, 3), "put": "question-1-1"}
    desk.post(url_of(intake), typed(desk, intake, **data))
    first, second = PlacedParagraph.objects.all()

    desk.post(url_of(intake), typed(desk, intake, take_back=first.pk))
    assert text_under(intake, "question-1-1") == "A grant of £5,000 did it."
    edited = {"text-question-1-1": "A grant did it.", "take_back": second.pk}
    page = desk.post(url_of(intake), typed(desk, intake, **edited), follow=True)

    assert text_under(intake, "question-1-1") == "A grant did it."
    assert "take them out of the text yourself" in page.content.decode()
    assert not PlacedParagraph.objects.exists()


def test_emptying_a_text_frees_its_paragraphs(desk, intake):
    services.put(intake, "question-1-1", [(intake.originals.get().pk, 2)])

    desk.post(
        url_of(intake), typed(desk, intake, **{"text-question-1-1": ""}, save="1")
    )

    assert text_under(intake, "question-1-1") == ""
    assert not PlacedParagraph.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"put": "question-1-1"},
        {"put": "question-1-1", "paragraph": ["1-999"]},
        {"put": "question-9-9"},
        {"add": "1", "into": ""},
        {"add": "1", "into": "nowhere"},
        {"hand_over": "1"},
        {"save": "1", "seen-question-1-1": ""},
    ],
)
def test_what_cannot_be_done_is_refused_and_the_texts_come_back(desk, intake, data):
    response = desk.post(
        url_of(intake), typed(desk, intake, **data) | {"text-question-1-2": ""}
    )

    assert response.status_code == 422
    assert not intake.transcriptions.exists()
    intake.refresh_from_db()
    assert not intake.is_handed_over


def test_texts_are_kept_though_the_button_is_refused(desk, intake):
    data = {"text-question-1-2": "Typed words", "put": "question-1-1"}

    response = desk.post(url_of(intake), typed(desk, intake, **data))

    assert response.status_code == 422
    assert text_under(intake, "question-1-2") == "Typed words"
    again = response.context["form"]
    assert again["text-question-1-2"].value() == "Typed words"
    assert again["seen-question-1-2"].value() == mark_of("Typed words")


def test_two_who_change_one_text_see_both(desk, intake):
    mine = typed(desk, intake, **{"text-question-1-1": "Mine"}, save="1")
    services.keep_texts(intake, {"question-1-1": ("Theirs", "", mark_of())})

    clash = desk.post(url_of(intake), mine)

    assert clash.status_code == 422
    assert text_under(intake, "question-1-1") == "Theirs"
    page = clash.content.decode()
    assert "Theirs" in page
    assert clash.context["form"]["text-question-1-1"].value() == "Mine"
    seen = mine | {
        "seen-question-1-1": clash.context["form"]["seen-question-1-1"].value()
    }
    assert desk.post(url_of(intake), seen).status_code == 302
    assert text_under(intake, "question-1-1") == "Mine"


def test_two_who_change_different_texts_do_not_clash(desk, intake):
    mine = typed(desk, intake, **{"text-question-1-1": "Mine"}, save="1")
    services.keep_texts(intake, {"question-1-2": ("Theirs", "", mark_of())})

    assert desk.post(url_of(intake), mine).status_code == 302

    assert text_under(intake, "question-1-1") == "Mine"
    assert text_under(intake, "question-1-2") == "Theirs"


def test_whoever_hands_over_does_not_check(desk, intake, mo):
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    services.hand_over(intake, staff=mo)
    intake.refresh_from_db()

    page = desk.post(
        url_of(intake, "check/"),
        {"seen": intake.handed_over_at.isoformat()},
        follow=True,
    )

    assert "somebody else must check it" in page.content.decode()
    assert not Submission.objects.exists()


def test_a_checker_sees_what_is_not_in_the_original_and_sends_it_back(intake, mo):
    text = "Eleven contracts became three.\n\nTwelve, in fact."
    services.keep_texts(intake, {"question-1-1": (text, "", mark_of())})
    services.hand_over(intake, staff=mo)
    checker = sign_in(Client(), moderator("cy"))

    page = checker.get(url_of(intake, "check/")).content.decode()
    assert "<mark>Twelve, in fact.</mark>" in page
    assert "<mark>Eleven" not in page
    checker.post(
        url_of(intake, "check/"),
        {"reason": "Twelve is yours.", "send_back": "1", "_end": "1"},
    )

    intake.refresh_from_db()
    assert not intake.is_handed_over
    assert intake.sent_back_because == "Twelve is yours."


def test_what_was_changed_since_it_was_looked_at_is_not_taken_in(intake, mo):
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    services.hand_over(intake, staff=mo)
    intake.refresh_from_db()
    seen = intake.handed_over_at
    services.send_back(intake, reason="Look again")
    services.hand_over(intake, staff=mo)
    checker = sign_in(Client(), moderator("cy"))

    for moment in (seen.isoformat(), "", "yesterday"):
        page = checker.post(
            url_of(intake, "check/"), {"seen": moment}, follow=True
        ).content.decode()
        assert "It was changed since you opened it" in page
    assert not Submission.objects.exists()


def test_two_who_take_in_make_one_submission(intake, mo):
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    take_in(intake)
    intake.refresh_from_db()

    with pytest.raises(services.NoLongerOpen):
        services.take_in(intake, staff=mo, seen=intake.handed_over_at)

    assert Submission.objects.count() == 1


def test_what_was_typed_is_given_back_when_it_was_handed_over_meanwhile(
    desk, intake, mo
):
    mine = typed(desk, intake, **{"text-question-1-1": "Mine"}, save="1")
    services.keep_texts(intake, {"question-1-2": ("Words", "", mark_of())})
    services.hand_over(intake, staff=mo)

    response = desk.post(url_of(intake), mine)

    assert response.status_code == 422
    assert "Mine</textarea>" in response.content.decode()
    assert desk.get(url_of(intake)).url == url_of(intake, "check/")


def test_originals_are_kept_byte_by_byte_and_images_go_on_cleaned(desk, intake):
    photo = image(exif=_located())
    pasted = "An email\n\nwith two paragraphs"

    response = desk.post(
        url_of(intake, "originals/"),
        {
            "files": [upload(photo, "Scan.jpg")],
            "text": pasted,
            "title": "Email of 3 July",
            "_end": "1",
        },
    )

    assert response.status_code == 302
    scan = intake.originals.get(name="Scan.jpg")
    email = intake.originals.get(name="Email of 3 July.txt")
    got = desk.get(url_of(intake, f"originals/{scan.pk}/file/"))
    assert b"".join(got.streaming_content) == photo
    assert scan.stored.sha256 == hashlib.sha256(photo).hexdigest()
    assert scan.cleaned.sha256 != scan.stored.sha256
    assert email.stored.sha256 == hashlib.sha256(pasted.encode()).hexdigest()
    entry = AuditEntry.objects.get(action="download")
    assert (entry.about_type, entry.about_id) == ("review.original", str(scan.pk))
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    attached = take_in(intake).attachments.get(name="Scan.jpg")
    assert attached.stored == scan.cleaned


def _located():
    from PIL import Image  # noqa: PLC0415

    exif = Image.Exif()
    exif[0x010F] = "A maker of cameras"
    return exif


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90 a program", "Letter.exe", "must be a PDF, Word"),
        (docx(word__vbaProject_dot_bin=b"macros"), "Letter.docx", "macros"),
        (b"", "Letter.pdf", "is empty"),
        (b"<html><script>", "Letter.txt", "must be a PDF, Word"),
        (b"PK\x03\x04 damaged", "Letter.docx", "is damaged"),
    ],
)
def test_hostile_files_are_refused_and_the_pasted_text_comes_back(
    desk, intake, content, name, words
):
    before = intake.originals.count()

    response = desk.post(
        url_of(intake, "originals/"),
        {"files": [upload(content, name)], "text": "Pasted", "_end": "1"},
    )

    assert response.status_code == 422
    assert words in str(response.context["form"].errors["files"])
    assert response.context["form"]["text"].value() == "Pasted"
    assert intake.originals.count() == before


def test_a_scan_says_that_it_has_no_text_and_lets_staff_type(desk, mo):
    intake = make_intake(mo, text="")
    services.add_file(intake, _stored_upload(pdf(), "Scan.pdf"), staff=mo)
    original = intake.originals.get()
    page = desk.get(url_of(intake)).content.decode()
    assert "No text could be read out of this file" in page

    desk.post(
        url_of(intake, f"originals/{original.pk}/"),
        {"text": "Dear all,\r\n\r\nSmaller lots.", "_end": "1"},
    )

    original.refresh_from_db()
    assert (original.text, original.text_from) == (
        "Dear all,\n\nSmaller lots.",
        "typed",
    )
    services.put(intake, "question-1-1", [(original.pk, 2)])
    refused = desk.post(
        url_of(intake, f"originals/{original.pk}/"), {"text": "Other", "_end": "1"}
    )
    assert refused.status_code == 422


def _stored_upload(content, name):
    """Return an upload as the handlers leave it: in quarantine."""
    from submissions.files.uploads import Upload, in_quarantine  # noqa: PLC0415

    file = in_quarantine()
    file.write(content)
    file.flush()
    return Upload(file, name, len(content), "")


def test_the_sender_is_sent_a_link_that_opens_it(desk, intake, mo, client):
    intake.email = "ada@riverside.example"
    intake.save()
    services.keep_texts(intake, {"question-1-1": ("Eleven", "", mark_of())})
    submission = take_in(intake)

    message = _composed(OutgoingEmail.objects.get())

    assert submission.reference in message.text
    assert "reached us by post" in message.text
    assert "Do not publish my response" in message.text
    sender = Client()
    link = next(word for word in message.text.split() if "/resume/" in word)
    path = "/" + link.split("/", 3)[3]
    page = sender.post(path, follow=True).content.decode()
    assert "We received it by post at" in page
    assert "Check what we made of it" in page
    assert "Change what you sent" in page
    status = sender.get(f"/evidence/{submission.key}/status/").content.decode()
    assert "We received it by post" in status
    assert "You sent it" not in status
    sender.post(f"/evidence/{submission.key}/amend/")
    assert submission.amendment.channel == "post"


def _composed(email):
    from outbox import kinds  # noqa: PLC0415

    return kinds.get(email.kind).compose(email)


def test_a_corrected_address_cancels_the_link_to_the_wrong_one(intake):
    intake.email = "ada@riverside.example"
    intake.save()
    services.keep_texts(intake, {"question-1-1": ("Eleven", "", mark_of())})
    submission = take_in(intake)
    from outbox import kinds  # noqa: PLC0415

    email = OutgoingEmail.objects.get()
    assert kinds.get(email.kind).is_wanted(email)
    Submission.objects.filter(pk=submission.pk).update(email="ada@other.example")
    assert not kinds.get(email.kind).is_wanted(email)


def test_without_an_address_there_is_a_letter_to_print(desk, intake):
    services.keep_texts(
        intake, {"question-1-1": ("Eleven <b>contracts</b>", "", mark_of())}
    )
    submission = take_in(intake)

    page = desk.get(url_of(intake, "letter/")).content.decode()

    assert submission.reference in page
    assert "Dear Ada O&#x27;Brien" in page
    assert "Eleven &lt;b&gt;contracts&lt;/b&gt;" in page
    assert not OutgoingEmail.objects.exists()


def test_one_who_may_not_moderate_sees_nothing_of_it(intake, client):
    reader = sign_in(client, member_of_staff("reader", "view_submission"))
    original = intake.originals.get()

    for page in (
        "",
        "sender/",
        "originals/",
        f"originals/{original.pk}/",
        f"originals/{original.pk}/file/",
        "check/",
        "letter/",
        "throw-away/",
    ):
        assert reader.get(url_of(intake, page)).status_code == 403
    assert reader.get(INBOX).status_code == 403
    assert reader.get(f"{INBOX}start/").status_code == 403
    assert INBOX not in reader.get("/admin/").content.decode()


def test_throwing_away_asks_and_leaves_what_was_taken_in(desk, intake, mo):
    other = make_intake(mo)
    services.keep_texts(other, {"question-1-1": ("Words", "", mark_of())})
    take_in(other)
    assert desk.get(url_of(intake, "throw-away/")).status_code == 200
    assert Intake.objects.count() == 2

    for one in (intake, other):
        desk.post(url_of(one, "throw-away/"))

    assert Intake.objects.get() == other


def test_a_question_that_something_is_placed_under_is_kept(intake):
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})

    assert Question.objects.get(code="1.1").has_answers()


def test_the_letter_itself_is_never_changed_by_placing(desk, intake):
    services.put(intake, "question-1-1", [(intake.originals.get().pk, 2)])
    one = intake.transcriptions.get()
    services.keep_texts(intake, {"question-1-1": ("Other words", "", one.mark)})

    assert intake.originals.get().text == LETTER


SAID = (
    "Eleven small contracts became three large ones, and none of us could bid for any."
)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"email": "ADA@riverside.example"}, "from the same sender"),
        ({"organisation": "riverside Café"}, "from the same sender"),
        (
            {"answers": {"1.1": f"We think so. {SAID} Yours."}},
            "100% of it stands there in the same words",
        ),
        ({"answers": {"1.1": "Eleven small contracts; none could bid."}}, None),
        ({"organisation": "Riverside Café Trust"}, None),
    ],
)
def test_what_may_have_come_before_is_shown(desk, mo, consultation, sent, why):
    intake = make_intake(
        mo, text=SAID, organisation="Riverside Café", email="ada@riverside.example"
    )
    before = make_sent(consultation, **{"organisation": "Another"} | sent)

    duplicates = desk.get(url_of(intake)).context["duplicates"]

    found = [(before, why)] if why else []
    assert [(one.submission, one.why) for one in duplicates] == found


def test_the_same_letter_in_another_intake_is_shown(desk, mo):
    first, second = make_intake(mo), make_intake(mo)

    page = desk.get(url_of(second))

    assert [one.intake for one in page.context["duplicates"]] == [first]


def test_inbox_lists_at_the_same_number_of_queries(
    desk, intake, mo, consultation, django_assert_num_queries
):
    _asks_late(consultation)
    desk.get(INBOX)
    with django_assert_num_queries(11):
        page = desk.get(INBOX).context
    assert (len(page["page"]), len(page["late_requests"])) == (1, 1)
    for _number in (1, 2):
        make_intake(mo)
        _asks_late(consultation)
    services.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    services.hand_over(intake, staff=mo)

    with django_assert_num_queries(11):
        page = desk.get(INBOX).context
    assert (len(page["page"]), len(page["late_requests"])) == (3, 3)


def _asks_late(consultation):
    draft = make_draft(consultation, organisation="Late Trust")
    return LateRequest.objects.create(submission=draft, reason="Ill")


def test_desk_and_check_take_the_same_number_of_queries(
    desk, intake, mo, django_assert_num_queries
):
    services.put(intake, "principle-1-v1", numbers_of(intake, 1))
    desk.get(url_of(intake))
    with django_assert_num_queries(18):
        desk.get(url_of(intake))
    for name in ("question-1-1", "question-1-2", "principles"):
        services.put(intake, name, numbers_of(intake, 1, 2, 3))
    services.add_text(intake, name="Email", text="More\n\nwords", staff=mo)
    with django_assert_num_queries(18):
        desk.get(url_of(intake))
    services.hand_over(intake, staff=mo)
    with django_assert_num_queries(18):
        desk.get(url_of(intake, "check/"))


def numbers_of(intake, *chosen):
    original = intake.originals.first()
    return [(original.pk, number) for number in chosen]


def test_moderators_decide_late_requests_from_the_inbox(desk, consultation, close):
    request = _asks_late(consultation)
    close()
    page = f"/admin/submissions/laterequest/{request.pk}/change/"
    assert page in desk.get(INBOX).content.decode()

    desk.post(page, {"decision": "refuse", "reason": "Too late."})

    request.refresh_from_db()
    assert request.is_accepted is False
    assert page not in desk.get(INBOX).content.decode()


@pytest.mark.parametrize("state", ["place", "check", "done"])
def test_inbox_is_filtered_by_state(desk, mo, state):
    to_place, to_check, done = (make_intake(mo, name=name) for name in "abc")
    for one in (to_check, done):
        services.keep_texts(one, {"question-1-1": ("Words", "", mark_of())})
    services.hand_over(to_check, staff=mo)
    take_in(done)

    listed = desk.get(INBOX, {"state": state}).context["page"].object_list

    expected = {"place": to_place, "check": to_check, "done": done}
    assert list(listed) == [expected[state]]
    assert desk.get(INBOX, {"state": "x"}).status_code == 404


@pytest.mark.usefixtures("either_storage")
def test_a_sweep_of_files_leaves_originals_until_they_are_thrown_away(desk, intake):
    original = intake.originals.get()
    name = original.stored.name
    file = url_of(intake, f"originals/{original.pk}/file/")

    sweep_files()
    kept = desk.get(file)
    assert b"".join(kept.streaming_content) == LETTER.encode()
    services.throw_away(intake)
    sweep_files()

    assert not StoredFile.objects.exists()
    assert not default_storage.exists(name)

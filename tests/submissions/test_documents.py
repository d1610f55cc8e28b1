"""Files to take away: the questions to work on offline, and a copy of what was sent."""

import time
from io import BytesIO

import docx
import pikepdf
import pytest
from django.conf import settings
from django.utils import timezone
from docx.oxml.ns import qn

from consultations.models import Question
from principles.models import PrincipleVersion, Sentence
from submissions import held, services
from submissions.documents import fonts, markup
from submissions.documents.pdf import MAX_LINES, Pdf
from submissions.documents.word import Word
from submissions.models import (
    Answer,
    Confidence,
    EvidenceItem,
    EvidenceKind,
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
    Shows,
    Stance,
    StoredFile,
)
from tests.pdf import text_of, words_of

from .sent import make_sent

WORD = ["questions.docx", "questions-large-print.docx"]
PDF = ["questions.pdf", "questions-large-print.pdf"]


def pack(client, consultation, name):
    return client.get(f"/calls/{consultation.slug}/pack/{name}")


def paragraphs(content):
    return docx.Document(BytesIO(content)).paragraphs


def words(content):
    """Return all the text of a Word or PDF file in one line."""
    if content.startswith(b"%PDF"):
        return words_of(content)
    return " ".join(" ".join(part.text for part in paragraphs(content)).split())


# The question pack


@pytest.mark.parametrize("name", WORD + PDF)
def test_a_pack_holds_every_question_principle_and_choice(client, consultation, name):
    text = words(pack(client, consultation, name).content)

    asked = [
        f"{question.code} {question.main_part} {question.follow_up}".strip()
        for question in Question.objects.all()
    ]
    asked += [sentence.text for sentence in Sentence.objects.all()]
    choices = [RespondentType, OnBehalf, HoldsContracts, Publication, Confidence]
    choices += [Stance, EvidenceKind, Shows]
    asked += [str(label) for choice in choices for label in choice.labels]
    asked += [consultation.title, consultation.contact_email, settings.SITE_URL]
    assert len(asked) > 60
    assert [text_ for text_ in asked if " ".join(text_.split()) not in text] == []
    assert text.count(" Disagree ") == 5


@pytest.mark.parametrize("name", WORD + PDF)
def test_a_pack_is_a_file_to_keep_with_a_name_of_its_own(client, consultation, name):
    response = pack(client, consultation, name)

    assert response["Content-Disposition"] == (
        f'attachment; filename="keep-it-local-2018-rehearsal-{name}"'
    )
    assert response["Content-Type"].split("/")[1].startswith(("pdf", "vnd.openxml"))


def test_a_pack_needs_few_queries(client, consultation, django_assert_num_queries):
    # The call, its sections, their questions, the versions, their sentences.
    for name in WORD + PDF:
        with django_assert_num_queries(5):
            pack(client, consultation, name)


def test_a_pack_can_still_be_had_when_the_call_is_closed(client, consultation, close):
    close()

    text = words(pack(client, consultation, "questions.pdf").content)

    assert "This call closed at" in text
    assert "Send your response by" not in text


def test_there_is_no_pack_of_another_kind_or_of_a_call_to_come(client, consultation):
    unknown = pack(client, consultation, "questions.odt")
    consultation.opens_at = timezone.now() + timezone.timedelta(days=1)
    consultation.save()

    assert unknown.status_code == 404
    assert pack(client, consultation, "questions.pdf").status_code == 404


@pytest.mark.parametrize("page", ["", "text/", "start/"])
def test_packs_are_offered_where_people_get_ready(client, consultation, page):
    call = f"/calls/{consultation.slug}/"

    text = client.get(call + page).content.decode()

    for name in WORD + PDF:
        assert text.count(f'href="{call}pack/{name}"') == 1


def test_a_word_pack_is_built_of_styles(client, consultation):
    content = pack(client, consultation, "questions.docx").content

    outline = [
        part.text for part in paragraphs(content) if part.style.name == "Heading 1"
    ]
    styles = [part.style.name for part in paragraphs(content)]
    assert outline == [
        "How to use this pack",
        "About you",
        *(str(section) for section in consultation.sections.all()),
        "The draft principles",
        "Evidence and files",
    ]
    assert styles[0] == "Title"
    # 27 questions, 5 principles twice and once as a whole, the lines of two forms.
    assert styles.count("Answer") == 27 + 11 + 3 + 8
    assert "" not in [part.text for part in paragraphs(content)]


def test_a_word_pack_names_itself_and_its_language(client, consultation):
    file = docx.Document(BytesIO(pack(client, consultation, "questions.docx").content))

    assert file.core_properties.title == consultation.title
    assert file.core_properties.language == "en-gb"
    languages = [tag.get(qn("w:val")) for tag in file.styles.element.iter(qn("w:lang"))]
    assert languages == ["en-GB"]


def test_large_print_is_18_points_or_more(client, consultation):
    word = docx.Document(BytesIO(pack(client, consultation, WORD[1]).content))
    pdf = pack(client, consultation, PDF[1]).content

    styles = [part.style for part in word.paragraphs]
    in_word = {(one.font.size or one.base_style.font.size).pt for one in styles}
    assert min(in_word) == 18
    assert min(sizes(pdf)) == 18


def sizes(content):
    """Return the sizes of type in a PDF."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return {
            float(operands[1])
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "Tf"
        }


@pytest.mark.parametrize("writer", [Word, Pdf])
def test_markdown_becomes_paragraphs_lists_and_bold(writer):
    document = writer("Title")
    document.markdown(
        "By **Friday 27 July** to [us](mailto:a@b.example), *please*.\n\n- One & only\n"
        "- Two\n\n1. First\n\n<b>Raw</b>"
    )

    text = words(document.content())

    assert "By Friday 27 July to us (a@b.example), please." in text
    assert "<b>Raw</b>" in text
    assert "One & only" in text
    assert "1. First" in text
    assert "*" not in text


def test_lists_and_emphasis_are_marked_in_word():
    document = Word("Title")
    document.markdown("By **Friday**\n\n- One\n- Two")

    _title, first, *items = paragraphs(document.content())

    assert [(run.text, run.bold) for run in first.runs] == [
        ("By ", None),
        ("Friday", True),
    ]
    assert [item.style.name for item in items] == ["List Bullet", "List Bullet"]


def test_lists_within_lists_have_their_depth():
    found = markup.blocks("- One\n  - Two\n\n  Again\n\n# Head\n\n`code`")

    shown = [(b.mark, b.depth, b.is_heading, b.pieces[0].text) for b in found]
    assert shown == [
        ("•", 1, False, "One"),
        ("•", 2, False, "Two"),
        ("", 1, False, "Again"),
        ("", 0, True, "Head"),
        ("", 0, False, "code"),
    ]


def test_what_a_word_file_cannot_hold_is_left_out(client, consultation):
    Question.objects.filter(code="1.1").update(wording="Pasted\x0b from\ufffe PDF?")

    text = words(pack(client, consultation, "questions.docx").content)

    assert "1.1 Pasted from PDF?" in text


# The copy of what was sent


@pytest.fixture
def sent(consultation):
    submission = make_sent(
        consultation,
        reference="KIL-7F3K2M8",
        answers={"1.1": "Three contracts.\n\n  Indented & <b>plain</b> {{ 7|add:7 }}"},
        comments={4: ("in-part", "Smaller lots.")},
        general="Good on the whole.",
        name="Ada O'Brien",
        email="ada@riverside.example",
        is_late=True,
    )
    Answer.objects.update(confidence="without-name")
    sentence = Sentence.objects.get(version__principle__number=4, number=2)
    submission.sentence_comments.create(
        sentence=sentence, comment="Too vague.", suggestion="Fund simply."
    )
    item = submission.items.create(
        title="Evaluation, 2017",
        kind="research",
        details="Eleven became three.",
        place="Calderdale",
        confidence="locality-only",
    )
    item.questions.add(Question.objects.get(code="1.1"))
    item.principles.add(sentence.version.principle)
    stored = StoredFile.objects.create(name="x", size=2048, sha256="0" * 64)
    submission.attachments.create(name="costs.csv", stored=stored)
    submission.attachments.create(name="report.pdf", stored=stored, item=item)
    return submission


@pytest.fixture
def copy_pdf(client):
    """Get the copy as the browser that sent the response, which holds it."""

    def get(submission):
        hold(client, submission)
        return client.get(f"/evidence/{submission.key}/copy.pdf")

    return get


def hold(client, submission):
    session = client.session
    session[held.SESSION_KEY] = [str(submission.key)]
    session.save()


def test_the_copy_holds_everything_that_was_sent(sent, copy_pdf):
    response = copy_pdf(sent)

    text = words_of(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="KIL-7F3K2M8.pdf"'
    expected = [
        "Reference: KIL-7F3K2M8",
        "Sent late: Locality had agreed",
        "Name: Ada O'Brien",
        "Organisation: Riverside Community Trust",
        "Email address: ada@riverside.example",
        "Publication: Publish my response with my name",
        "Three contracts. Indented & <b>plain</b> {{ 7|add:7 }} Publish it without my name",
        "Evidence: Evaluation, 2017",
        "Agree in part Smaller lots.",
        "On sentence 2 Too vague.",
        "Sentence 2 as it should read Fund simply.",
        "Good on the whole.",
        "Eleven became three. Kind: Evaluation or research Place: Calderdale",
        "File: report.pdf (2.0 KB)",
        "Used on: 1.1, Principle 4 For Locality only",
        "costs.csv (2.0 KB)",
        "1.2 Do you think the scale approach",
    ]
    assert [text_ for text_ in expected if text_ not in text] == []
    assert "[?]" not in text


def test_the_copy_keeps_lines_and_spaces(sent, copy_pdf):
    text = text_of(copy_pdf(sent).content)

    assert "Three contracts.\n\n  Indented & <b>plain</b>" in text


def test_the_copy_has_the_wording_that_was_answered(sent, copy_pdf):
    question = Question.objects.get(code="1.1")
    asked = question.main_part
    question.past_wordings.create(wording=question.wording)
    Question.objects.filter(pk=question.pk).update(wording="Changed since?")

    text = words_of(copy_pdf(sent).content)

    assert asked in text
    assert "Changed since?" not in text


def test_the_copy_is_for_whoever_holds_it_and_only_once_sent(sent, client, ada):
    foreign = client.get(f"/evidence/{sent.key}/copy.pdf")
    unsent = ada.get("copy.pdf")

    assert foreign.status_code == 404
    assert (unsent.status_code, unsent.url) == (302, ada.url + "check/")


def test_the_copy_is_linked_from_the_confirmation_and_from_the_page(
    sent, copy_pdf, client
):
    copy_pdf(sent)
    url = f"/evidence/{sent.key}/"

    for page in ("sent/", "copy/"):
        assert f'href="{url}copy.pdf"' in client.get(url + page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_copy_needs_the_same_queries_however_much_it_holds(
    consultation, client, django_assert_num_queries, count
):
    codes = ["1.1", "2.1", "3.1"][:count]
    submission = make_sent(
        consultation,
        answers=dict.fromkeys(codes, "Yes."),
        comments=dict.fromkeys(range(1, count + 1), ("agree", "")),
    )
    for code in codes:
        item = submission.items.create(title="Figures")
        item.questions.add(Question.objects.get(code=code))

    hold(client, submission)

    # From then on this process knows the call.
    client.get(f"/evidence/{submission.key}/copy.pdf")

    with django_assert_num_queries(12):
        client.get(f"/evidence/{submission.key}/copy.pdf")


# Scripts and characters


@pytest.fixture(params=[fonts.DEJAVU, fonts.VERA], ids=["DejaVu", "Vera"])
def font(request):
    fonts.use(request.param, fonts.VERA)
    yield
    fonts.use(fonts.DEJAVU, fonts.VERA)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("“Café”, £5 – naïve…", "“Café”, £5 – naïve…"),
        ("Cafe\u0301", "Café"),
        ("at home 🏡 in 你好", "at home [?] in [?]"),
        ("👩\u200d👩\u200d👧\ufe0f", "[?]"),
        ("שלום and مرحبا", "[?] and [?]"),
        ("a\tb\xa0c\u2028d\u00ade", "a    b c\nde"),
        ("[x]^\\-", "[x]^\\-"),
    ],
)
def test_what_cannot_be_printed_is_marked(font, typed, printed):
    assert fonts.printable(typed) == printed


def test_the_first_page_says_that_something_is_not_printed(
    font, consultation, copy_pdf
):
    submission = make_sent(
        consultation, answers={"1.1": "Home 🏡 again"}, organisation="你好 Trust"
    )

    with pikepdf.open(BytesIO(copy_pdf(submission).content)) as pdf:
        del pdf.pages[1:]
        first = BytesIO()
        pdf.save(first)

    text = words_of(first.getvalue())
    assert "Some characters of this response" in text
    assert "Organisation: [?] Trust" in text


def test_someone_who_writes_question_marks_in_brackets_is_not_warned(
    consultation, copy_pdf
):
    submission = make_sent(consultation, answers={"1.1": "It cost [?] pounds"})

    text = words_of(copy_pdf(submission).content)

    assert "It cost [?] pounds" in text
    assert "Some characters" not in text


@pytest.mark.parametrize(
    "typed", ["<img src='/etc/passwd'/>", "<b>&amp;</i>", "</para>"]
)
def test_tags_in_short_texts_are_text(consultation, copy_pdf, typed):
    submission = make_sent(consultation, organisation=typed, answers={"1.1": typed})
    EvidenceItem.objects.create(submission=submission, title=typed)

    text = words_of(copy_pdf(submission).content)

    # In the list of details, as the answer, and as the item's heading.
    assert text.count(typed) == 3


# Long texts


@pytest.mark.parametrize(
    "text",
    ["word " * 40_000, "x" * 200_000, "line\n" * 1_000, "你" * 200_000],
    ids=["words", "one word", "lines", "no letter of the font"],
)
def test_a_long_answer_is_printed_whole_and_soon(consultation, copy_pdf, text):
    submission = make_sent(consultation, answers={"1.1": text})

    started = time.monotonic()
    printed = text_of(copy_pdf(submission).content)

    assert time.monotonic() - started < 20
    for letter in "wxl":
        assert printed.count(letter) >= text.count(letter)


def test_lines_break_at_spaces_and_nothing_is_lost(font):
    text = "Three contracts now carry what eleven did. " * 50 + "y" * 300

    lines = fonts.broken(text, 200, 10)

    assert " ".join(lines[:-1]).startswith("Three contracts now carry what eleven did.")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(len, lines)) < 50


def test_more_than_anybody_prints_is_shown_as_a_page(consultation, copy_pdf):
    text = "a" + "\n" * (MAX_LINES // 2) + "b"
    submission = make_sent(consultation, answers={"1.1": text, "1.2": text})

    response = copy_pdf(submission)

    assert response.status_code == 422
    assert "too long for a PDF" in response.content.decode()


def test_a_version_that_was_commented_on_is_the_one_that_is_printed(
    consultation, copy_pdf
):
    submission = make_sent(consultation, comments={2: ("agree", "Yes.")})
    old = PrincipleVersion.objects.get(principle__number=2)
    new = PrincipleVersion.objects.create(principle=old.principle, number=2)
    Sentence.objects.create(version=new, number=1, text="Think local first.")

    text = words_of(copy_pdf(submission).content)

    assert old.text in text
    assert "Think local first." not in text


def test_the_whole_way_from_sending_to_the_copy(ada):
    ada.post("about-you/", name="Ada", publication="not")
    ada.post("section/1/", answer__1__1="Yes.")
    services.submit(ada.submission)

    response = ada.get("copy.pdf")

    assert f"Reference: {ada.saved().reference}" in words_of(response.content)

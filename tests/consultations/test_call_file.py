"""What a call file may say, and what is said of one that may not."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command

from consultations.models import Consultation, PastWording, Question, Section
from principles.models import Principle, PrincipleVersion
from submissions import services
from tests.conftest import CALL_FILE


@pytest.fixture
def edited(tmp_path):
    """Make a copy of the real call file with some of its text replaced."""

    def edit(*replacements):
        text = CALL_FILE.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "call.toml"
        path.write_text(text)
        return path

    return edit


def load(path, **options):
    call_command("load_call", path, verbosity=0, **options)


def test_the_real_call_is_whole(db):
    load(CALL_FILE)

    codes = Question.objects.order_by("section", "position").values_list("code")
    assert [code for (code,) in codes] == [
        *(f"1.{number}" for number in range(1, 7)),
        *(f"2.{number}" for number in range(1, 8)),
        *(f"3.{number}" for number in range(1, 6)),
        *(f"4.{number}" for number in range(1, 5)),
        *(f"5.{number}" for number in range(1, 6)),
    ]
    assert Principle.objects.count() == 5
    assert PrincipleVersion.objects.get(principle__number=4).sentences.count() == 2


def test_sections_four_and_five_are_provisional(db):
    load(CALL_FILE)

    provisional = Question.objects.provisional()
    assert set(provisional.values_list("section__number", flat=True)) == {4, 5}
    assert provisional.count() == 9
    assert Section.objects.filter(is_provisional=True).count() == 2


def test_the_real_dates_are_wall_clock_times_in_the_uk(db):
    load(CALL_FILE)

    assert Consultation.objects.get().closes_at.isoformat() == (
        "2018-07-27T22:59:00+00:00"
    )
    assert not Consultation.objects.open().exists()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('slug = "keep-it-local-2018"', "", "slug: is missing"),
        (
            'code = "1.2"',
            'code = "1.1"',
            "sections: the question code 1.1 is used twice",
        ),
        (
            "closes = 2018-07-27T23:59:00",
            "closes = 2018-01-01T09:00:00",
            "closes: must be after the opening date",
        ),
        (
            "closes = 2018-07-27T23:59:00",
            "closes = 2018-10-28T01:30:00",
            "closes: 01:30 happens twice on that day because the clocks go back",
        ),
        (
            "closes = 2018-07-27T23:59:00",
            "closes = 2019-03-31T01:30:00",
            "closes: 01:30 does not exist on that day because the clocks go forward",
        ),
        (
            "closes = 2018-07-27T23:59:00",
            "closes = 2018-07-27T23:59:00Z",
            "closes: write UK wall-clock time, without an offset",
        ),
        (
            'code = "3.2"\nwording = ',
            'code = "3.2"\nwrding = ',
            "sections 3, questions 2, wording: is missing",
        ),
        ("number = 5", "number = 4", "principles: the number 4 is used twice"),
        ("[[sections]]", "[[sections", "Expected"),
    ],
)
def test_a_fault_is_named_in_one_line_and_nothing_is_loaded(
    db, edited, old, new, problem
):
    with pytest.raises(CommandError) as raised:
        load(edited((old, new)))

    assert problem in str(raised.value)
    assert not Consultation.objects.exists()


def test_all_faults_are_named_at_once(db, edited):
    path = edited(('code = "1.2"', 'code = "1.1"'), ("closes = ", "closed = "))

    with pytest.raises(CommandError) as raised:
        load(path)

    assert str(raised.value).splitlines()[1:] == [
        "  closes: is missing",
        "  sections: the question code 1.1 is used twice",
        "  closed: is not a key of a call file",
    ]


def test_a_file_that_is_not_there_is_named(db):
    with pytest.raises(CommandError, match="No such file"):
        load("nowhere.toml")


def test_loading_again_changes_nothing(db):
    load(CALL_FILE)
    before = list(Question.objects.order_by("pk").values())

    load(CALL_FILE)

    assert list(Question.objects.order_by("pk").values()) == before
    assert PrincipleVersion.objects.count() == 5


def test_loading_the_same_file_again_keeps_what_staff_edited(db):
    load(CALL_FILE)
    Consultation.objects.update(campaign="Edited by staff")

    load(CALL_FILE)

    assert Consultation.objects.get().campaign == "Edited by staff"


def test_a_question_without_answers_follows_the_file(db, edited):
    load(CALL_FILE)

    load(edited(("Conversely, are you aware", "Are you aware")))

    assert Question.objects.get(code="1.5").wording.startswith("Are you aware")


def test_a_question_with_answers_keeps_its_wording(consultation, edited, capsys):
    question = Question.objects.get(code="1.5")
    draft = services.start(consultation)
    services.keep_answers(draft, {question.pk: ("Yes, one.", "publish")})

    edit = ("Conversely, are you aware", "Are you aware")
    load(edited(edit), rehearsal=True)

    question.refresh_from_db()
    assert question.wording.startswith("Conversely, are you aware")
    assert "Question 1.5 has answers" in capsys.readouterr().err


def test_a_section_with_answers_keeps_its_title(consultation, edited):
    draft = services.start(consultation)
    services.keep_answers(
        draft, {Question.objects.get(code="1.5").pk: ("Yes, one.", "publish")}
    )

    edit = ('title = "The trend towards scale ... halted?"', 'title = "Scale"')
    load(edited(edit), rehearsal=True)

    assert Section.objects.get(number=1).title == "The trend towards scale ... halted?"


def test_a_past_wording_is_no_answer(consultation):
    question = Question.objects.get(code="1.5")
    PastWording.objects.create(question=question, wording="Before")

    assert not question.has_answers()


def test_a_changed_principle_becomes_a_new_version(db, edited):
    load(CALL_FILE)

    load(edited(("Use social value legislation ambitiously", "Use the law")))

    versions = PrincipleVersion.objects.filter(principle__number=2)
    assert [version.text.split(" ")[:2] for version in versions] == [
        ["Use", "social"],
        ["Use", "the"],
    ]
    current = PrincipleVersion.objects.current(Consultation.objects.get())
    assert [version.number for version in current] == [1, 2, 1, 1, 1]


def test_a_rehearsal_is_open_for_28_days(db):
    with time_machine.travel("2026-10-01T12:00:00+01:00", tick=False):
        load(CALL_FILE, rehearsal=True)

        consultation = Consultation.objects.get()
        assert consultation.is_open
        # The clocks have gone back in between: 23:59 is 23:59 UTC by then.
        assert consultation.closes_at.isoformat() == "2026-10-29T23:59:00+00:00"
        assert consultation.is_rehearsal


def test_a_rehearsal_that_is_open_keeps_its_closing_date(db):
    with time_machine.travel("2026-10-01T12:00:00+01:00", tick=False):
        load(CALL_FILE, rehearsal=True)
    with time_machine.travel("2026-10-15T12:00:00+01:00", tick=False):
        load(CALL_FILE, rehearsal=True)

    assert f"{Consultation.objects.get().closes_at:%d %B}" == "29 October"


def test_a_rehearsal_that_has_closed_opens_again(db):
    with time_machine.travel("2026-10-01T12:00:00+01:00", tick=False):
        load(CALL_FILE, rehearsal=True)
    with time_machine.travel("2026-12-01T12:00:00+00:00", tick=False):
        load(CALL_FILE, rehearsal=True)

    assert f"{Consultation.objects.get().closes_at:%d %B}" == "29 December"


def test_the_real_call_stands_beside_its_rehearsal_and_ends_it(consultation, client):
    services.start(consultation)

    load(CALL_FILE)

    consultation.refresh_from_db()
    real = Consultation.objects.get(is_rehearsal=False)
    assert not Consultation.objects.open().exists()
    assert real.closes_at.year == 2018
    assert real.submissions.count() == 0
    assert "27 July 2018" in client.get("/").content.decode()


def test_a_rehearsal_after_the_real_call_is_shown(db, client):
    load(CALL_FILE)
    load(CALL_FILE, rehearsal=True)

    assert "This is a rehearsal." in client.get("/").content.decode()


def test_a_mended_file_changes_what_it_mends_and_nothing_else(db, edited):
    load(CALL_FILE)
    later = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    Consultation.objects.update(title="Edited by staff", closes_at=later)
    Question.objects.filter(code="1.2").update(wording="Edited by staff")

    load(edited(("with an interest in the future", "interested in the future")))

    consultation = Consultation.objects.get()
    assert "interested in the future" in consultation.introduction
    assert consultation.title == "Edited by staff"
    assert consultation.closes_at == later
    assert Question.objects.get(code="1.2").wording == "Edited by staff"


def test_a_question_between_two_others_takes_its_place(consultation, edited):
    draft = services.start(consultation)
    services.keep_answers(
        draft, {Question.objects.get(code="1.2").pk: ("Yes.", "publish")}
    )

    path = edited(
        (
            '[[sections.questions]]\ncode = "1.2"',
            (
                '[[sections.questions]]\ncode = "1.1b"\nwording = "And why?"\n\n'
                '[[sections.questions]]\ncode = "1.2"'
            ),
        )
    )
    load(path, rehearsal=True)

    codes = Question.objects.filter(section__number=1).values_list("code", "position")
    assert list(codes)[:3] == [("1.1", 1), ("1.1b", 2), ("1.2", 3)]

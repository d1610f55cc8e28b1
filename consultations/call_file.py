"""A call for evidence as a file: reads the TOML in `calls/` and says what is wrong with it."""

import datetime as dt
import tomllib
from collections import Counter
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from .uk_time import wall_clock_to_utc


class CallFileError(Exception):
    """The file cannot be loaded: `problems` holds one line for each reason."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[Text, Field(max_length=200)]
Slug = Annotated[Text, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=50)]
Number = Annotated[int, Field(ge=1, le=99, strict=True)]
WallClock = Annotated[dt.datetime, AfterValidator(wall_clock_to_utc)]


class Part(BaseModel):
    """A table of the file. A key that nobody reads is a slip, so it is refused."""

    model_config = ConfigDict(extra="forbid")


class PrincipleInFile(Part):
    number: Number
    title: Title
    sentences: list[Text] = Field(min_length=1)


class QuestionInFile(Part):
    code: Annotated[Text, Field(max_length=10)]
    wording: Text
    provisional: bool = False


class SectionInFile(Part):
    number: Number
    title: Title
    introduction: str = ""
    provisional: bool = False
    questions: list[QuestionInFile] = Field(min_length=1)


class CallFile(Part):
    slug: Slug
    title: Title
    reference_prefix: Annotated[Text, StringConstraints(pattern=r"^[A-Z]{2,6}$")]
    contact_email: Annotated[Text, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]
    opens: WallClock
    closes: WallClock
    campaign: Text
    introduction: Text
    audience: Text
    interests: Text
    how_to_respond: Text
    principles_introduction: Text
    # Without it nobody is told what happens to their data: `check --deploy` says so.
    privacy_notice: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    principles: list[PrincipleInFile] = Field(min_length=1)
    sections: list[SectionInFile] = Field(min_length=1)

    @field_validator("closes")
    @classmethod
    def closes_after_it_opens(cls, closes, info):
        if "opens" in info.data and closes <= info.data["opens"]:
            raise ValueError(_("must be after the opening date"))
        return closes

    @field_validator("principles")
    @classmethod
    def names_no_principle_twice(cls, principles):
        _refuse_repeats(_("number"), [principle.number for principle in principles])
        return principles

    @field_validator("sections")
    @classmethod
    def names_no_section_or_question_twice(cls, sections):
        codes = [question.code for part in sections for question in part.questions]
        _refuse_repeats(_("number"), [part.number for part in sections])
        _refuse_repeats(_("question code"), codes)
        return sections


def _refuse_repeats(what, names):
    repeated = [str(name) for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(
            _("the %(what)s %(names)s is used twice")
            % {"what": what, "names": ", ".join(repeated)}
        )


def read_call_file(path):
    """Return the `CallFile` at `path`; raises CallFileError with one line a problem."""
    try:
        with open(path, "rb") as file:
            return CallFile.model_validate(tomllib.load(file))
    except OSError as error:
        raise CallFileError([f"{path}: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallFileError([f"{path}: {error}"]) from error
    except ValidationError as error:
        problems = [_in_one_line(problem) for problem in error.errors()]
        raise CallFileError(problems) from error


def _in_one_line(problem):
    """Say where and what, as in "sections 2, questions 3, wording: is missing"."""
    place = ""
    for step in problem["loc"]:
        place += f" {step + 1}" if isinstance(step, int) else f", {step}"
    message = {
        "missing": _("is missing"),
        "extra_forbidden": _("is not a key of a call file"),
        "string_too_short": _("is empty"),
    }.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{place.removeprefix(', ')}: {message}" if place else message

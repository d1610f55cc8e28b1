"""Everything in one ZIP file: tables, workbook, JSON, the respondents' files, and what they mean.

README.txt             what is in it, and how to check it
SHA256SUMS             `sha256sum -c SHA256SUMS`
manifest.json          size, sum and count of each member; filter and moment
submissions.csv …      the four tables
submissions.xlsx       the same in one workbook
submissions.json
codebook.csv           the themes
questions.csv          what the call asked
data-dictionary.csv    what each column means
files.csv, files/      what respondents attached, in a folder for each reference
"""

import json
import tempfile
from hashlib import sha256
from os.path import splitext
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from submissions.data import moment as in_utc
from submissions.takeout import UNSAFE

from .csv_file import CsvWriter, as_lines
from .json_file import JsonWriter
from .tables import TABLES
from .tables.base import code_of, may_be_published, sentence_code
from .xlsx_file import XlsxWriter

BLOCK = 1024 * 1024


class PackWriter:
    """Writes each member beside the archive, and then all of them into it."""

    def __init__(self, path, make_table, *, moment, about, with_bom=True):
        self.path = path
        self.moment = moment
        self.about = about
        self.with_bom = with_bom
        self.folder = tempfile.TemporaryDirectory(dir=path.parent, prefix="partial-")
        self.inside = Path(self.folder.name)
        self.tables = [make_table(name) for name in TABLES]
        self._open()
        self.needs = set().union(*(writer.needs for writer in self.writers.values()))
        self.files = []
        self.members = []

    def _open(self):
        self.opened = []
        about = {"moment": self.moment, "about": self.about}
        self.writers = {
            f"{table.name}.csv": CsvWriter(
                self._new(f"{table.name}.csv"), table, with_bom=self.with_bom
            )
            for table in self.tables
        }
        self.writers["submissions.xlsx"] = XlsxWriter(
            self.inside / "submissions.xlsx", self.tables, **about
        )
        self.writers["submissions.json"] = JsonWriter(
            self._new("submissions.json"), self.tables[0], **about
        )

    def _new(self, name):
        file = open(self.inside / name, "wb")  # noqa: SIM115 - closed by end or close
        self.opened.append(file)
        return file

    def begin(self):
        for writer in self.writers.values():
            writer.begin()

    def add(self, submission, evidence):
        for writer in self.writers.values():
            writer.add(submission, evidence)
        for number, file in enumerate(evidence.files, start=1):
            self.files.append((submission, number, file))

    def end(self):
        for writer in self.writers.values():
            writer.end()
        for file in self.opened:
            file.close()
        with ZipFile(self.path, "w", ZIP_DEFLATED) as archive:
            for name, writer in self.writers.items():
                self._put(archive, name, self.inside / name, count=writer.count)
            for name, rows in self._lists():
                content = as_lines(rows)
                self._put_bytes(archive, name, content, count=len(rows) - 1)
            self._put_files(archive)
            self._put_bytes(archive, "README.txt", self._readme().encode())
            self._put_bytes(archive, "manifest.json", self._manifest())
            # Last, because it names all the others.
            sums = "".join(f"{one['sha256']}  {one['path']}\n" for one in self.members)
            self._put_bytes(archive, "SHA256SUMS", sums.encode())
        self.close()

    def close(self):
        """Remove what was written beside the archive."""
        for file in self.opened:
            file.close()
        self.writers["submissions.xlsx"].close()
        self.folder.cleanup()

    @property
    def count(self):
        return self.writers["submissions.json"].count

    def _lists(self):
        yield "codebook.csv", codebook(self.tables[0].themes.values())
        yield "questions.csv", questions(self.tables[0])
        yield "data-dictionary.csv", data_dictionary(self.tables)

    def _put_files(self, archive):
        """Put in what respondents attached, and the list of it."""
        rows = [files_header()]
        for submission, number, file in self.files:
            path = name_in_pack(submission, number, file)
            is_there = default_storage.exists(file.stored)
            if is_there:
                with default_storage.open(file.stored) as source:
                    self._copy(archive, path, source, ZIP_STORED)
            rows.append(
                [
                    submission.reference,
                    path if is_there else "",
                    file.name,
                    str(file.size),
                    file.sha256,
                    file.content_type,
                    may_be_published(submission, file.confidence),
                ]
            )
        self._put_bytes(archive, "files.csv", as_lines(rows), count=len(rows) - 1)

    def _put(self, archive, name, path, **counted):
        # A workbook is a ZIP file already.
        how = ZIP_STORED if name.endswith(".xlsx") else ZIP_DEFLATED
        with open(path, "rb") as source:
            self._copy(archive, name, source, how, **counted)
        path.unlink()

    def _copy(self, archive, name, source, how, **counted):
        hashed, size = sha256(), 0
        with archive.open(self._info(name, how), "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                hashed.update(block)
                size += len(block)
                target.write(block)
        self._list(name, size, hashed.hexdigest(), **counted)

    def _put_bytes(self, archive, name, content, **counted):
        archive.writestr(self._info(name, ZIP_DEFLATED), content)
        self._list(name, len(content), sha256(content).hexdigest(), **counted)

    def _info(self, name, how):
        info = ZipInfo(name, self.moment.timetuple()[:6])
        info.compress_type = how
        info.external_attr = 0o600 << 16
        return info

    def _list(self, name, size, sum_, **counted):
        self.members.append({"path": name, "size": size, "sha256": sum_, **counted})

    def _readme(self):
        context = {"about": self.about, "count": self.count, "files": len(self.files)}
        return render_to_string("review/exports/readme.txt", context)

    def _manifest(self):
        content = {
            "format": "keep-it-local/pack",
            "version": 1,
            "taken_at": in_utc(self.moment),
            "about": self.about,
            "submissions": self.count,
            "files": len(self.files),
            "members": self.members,
        }
        return json.dumps(content, ensure_ascii=False, indent=2).encode()


def name_in_pack(submission, number, file):
    """Return as in "files/KIL-7F3K2M8/01-report.pdf": no name of theirs is trusted."""
    stem, ending = splitext(UNSAFE.sub("_", file.name))
    return f"files/{submission.reference}/{number:02}-{stem[:80]}{ending[:10]}"


def codebook(themes):
    return [
        [_("Id"), _("Theme"), _("Part of"), _("Meaning"), _("Merged into (id)")],
        *(
            [
                str(theme.pk),
                theme.name,
                theme.parent.name if theme.parent else "",
                theme.meaning,
                str(theme.merged_into_id or ""),
            ]
            for theme in themes
        ),
    ]


def questions(table):
    """Return what the call asks and puts out for comment, with the codes that name it."""
    return [
        [_("Place"), _("Code"), _("Part"), _("Wording")],
        *(
            [f"question-{one.slug}", one.code, str(one.section), one.wording]
            for one in table.questions
        ),
        *(
            [
                f"sentence-{version.principle.number}-v{version.number}-{one.number}",
                sentence_code(one),
                f"{code_of(version)} {version.principle.title}",
                one.text,
            ]
            for version in table.versions
            for one in version.sentences.all()
        ),
    ]


def data_dictionary(tables):
    return [
        [_("File"), _("Column"), _("Meaning")],
        *(
            [f"{table.name}.csv", column.heading, column.meaning]
            for table in tables
            for column in table.columns
        ),
    ]


def files_header():
    return [
        _("Reference"),
        _("Path"),
        _("Name"),
        _("Size in bytes"),
        _("SHA-256"),
        _("Type of content"),
        _("May be published"),
    ]

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
from hashlib import sha256
from os.path import splitext
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg2.sql import SQL

from submissions.data import moment as in_utc
from submissions.takeout import UNSAFE

from .call import code_of, sentence_code
from .csv_file import CsvWriter, as_lines
from .json_file import JsonWriter
from .reading import copy, json_copied
from .relations import relations
from .tables import TABLES
from .words import may_be_published
from .xlsx_file import XlsxWriter

BLOCK = 1024 * 1024
# Of deflate: 6 takes more than twice the time for a fifth less.
LEVEL = 3
ATTACHED = SQL("""
WITH {relations}
SELECT to_json(ARRAY[
    files.number::text, files.stored, about.reference, files.name, files.size::text,
    files.sha256, files.content_type, {published}
])
FROM files JOIN sent about ON about.id = files.submission_id
ORDER BY about.submitted_at, about.id, files.number
""")


class PackWriter:
    """Writes each member beside the archive, and then all of them into it.

    `open_file` opens a path for writing, until the caller is done; `alive` is called now
    and then while the archive is put together.
    """

    def __init__(self, path, make_table, *, moment, about, with_bom, open_file, alive):
        self.path = path
        self.open_file = open_file
        self.moment = moment
        self.about = about
        self.with_bom = with_bom
        self.alive = alive
        self.inside = path.parent
        self.tables = [make_table(name) for name in TABLES]
        self.files = FilesToPack(self._new("files.jsonl"), self.tables[0].call)
        self.writers = self._writers()
        self.members = []

    def _new(self, name):
        return self.open_file(self.inside / name)

    def _writers(self):
        about = {"moment": self.moment, "about": self.about}
        tables = {
            f"{table.name}.csv": CsvWriter(
                self._new(f"{table.name}.csv"), table, with_bom=self.with_bom
            )
            for table in self.tables
        }
        workbook = XlsxWriter(self.inside / "submissions.xlsx", self.tables, **about)
        document = JsonWriter(self._new("submissions.json"), self.tables[0], **about)
        return {**tables, "submissions.xlsx": workbook, "submissions.json": document}

    @property
    def count(self):
        return self.writers["submissions.json"].count

    def begin(self):
        for writer in self.writers.values():
            writer.begin()

    def add(self, page):
        for writer in (*self.writers.values(), self.files):
            writer.add(page)

    def end(self):
        with ZipFile(self.path, "w", ZIP_DEFLATED) as archive:
            for name, writer in self.writers.items():
                writer.end()
                self._put_file(archive, name, writer)
            for name, rows in self._lists():
                self._put(archive, name, as_lines(rows), count=len(rows) - 1)
            self._put_attached(archive)
            self._put(archive, "README.txt", self._readme().encode())
            self._put(archive, "manifest.json", self._manifest())
            # Last, because it names all the others.
            sums = "".join(f"{one['sha256']}  {one['path']}\n" for one in self.members)
            self._put(archive, "SHA256SUMS", sums.encode())

    def _lists(self):
        if self.tables[0].with_review:
            yield "codebook.csv", codebook(self.tables[0].call.themes)
        yield "questions.csv", questions(self.tables[0].call)
        yield "data-dictionary.csv", data_dictionary(self.tables)

    def _put_file(self, archive, name, writer):
        # A workbook is a ZIP file already.
        how = ZIP_STORED if name.endswith(".xlsx") else ZIP_DEFLATED
        if how == ZIP_DEFLATED:
            writer.file.close()
        with open(self.inside / name, "rb") as source:
            self._copy(archive, name, source, how, count=writer.count)

    def _put_attached(self, archive):
        """Put in what respondents attached, and the list of it."""
        with self._new("files.csv") as listed:
            listed.write(as_lines([files_header()]))
            for path, stored, cells in self.files:
                is_there = self._put_stored(archive, path, stored)
                listed.write(as_lines([[path if is_there else "", *cells]]))
            listed.seek(0)
            count = self.files.count
            self._copy(archive, "files.csv", listed, ZIP_DEFLATED, count=count)

    def _put_stored(self, archive, path, stored):
        """Whether the bytes are there: not after the person was erased meanwhile."""
        try:
            source = default_storage.open(stored)
        except FileNotFoundError:
            return False
        with source:
            self._copy(archive, path, source, ZIP_STORED)
        return True

    def _copy(self, archive, name, source, how, **counted):
        hashed, size = sha256(), 0
        with archive.open(self._info(name, how), "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                self.alive()
                hashed.update(block)
                size += len(block)
                target.write(block)
        self._list(name, size, hashed.hexdigest(), **counted)

    def _put(self, archive, name, content, **counted):
        archive.writestr(self._info(name, ZIP_DEFLATED), content)
        self._list(name, len(content), sha256(content).hexdigest(), **counted)

    def _info(self, name, how):
        info = ZipInfo(name, self.moment.timetuple()[:6])
        info.compress_type = how
        # It has no public name before Python 3.13.
        info._compresslevel = LEVEL
        info.external_attr = 0o600 << 16
        return info

    def _list(self, name, size, sha256, **counted):
        self.members.append({"path": name, "size": size, "sha256": sha256, **counted})

    def _readme(self):
        context = {
            "about": self.about,
            "count": self.count,
            "files": self.files.count,
            "with_codebook": self.tables[0].with_review,
        }
        return render_to_string("review/exports/readme.txt", context)

    def _manifest(self):
        content = {
            "format": "keep-it-local/pack",
            "version": 1,
            "taken_at": in_utc(self.moment),
            "about": self.about,
            "submissions": self.count,
            "files": self.files.count,
            "members": self.members,
        }
        return json.dumps(content, ensure_ascii=False, indent=2).encode()


class FilesToPack:
    """What was attached, kept on disk until all submissions have been read."""

    def __init__(self, file, call):
        self.file = file
        published = may_be_published("public_confidence")
        query = ATTACHED.format(relations=relations(call), published=published)
        self.query = json_copied(query)
        self.count = 0

    def add(self, page):
        copy(self.query, self)

    def write(self, line):
        self.file.write(line)
        self.count += 1

    def __iter__(self):
        with self.file:
            self.file.seek(0)
            for line in self.file:
                number, stored, *cells = json.loads(line)
                yield name_in_pack(int(number), *cells[:2]), stored, cells


def name_in_pack(number, reference, name):
    """Return as in "files/KIL-7F3K2M8/01-report.pdf": no name of theirs is trusted."""
    stem, ending = splitext(UNSAFE.sub("_", name))
    return f"files/{reference}/{number:02}-{stem[:80]}{ending[:10]}"


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


def questions(call):
    """Return what the call asks and puts out for comment, with the codes that name it."""
    return [
        [_("Place"), _("Code"), _("Part"), _("Wording")],
        *(
            [f"question-{one.slug}", one.code, str(one.section), one.wording]
            for one in call.questions
        ),
        *(
            [
                f"sentence-{version.principle.number}-v{version.number}-{one.number}",
                sentence_code(one),
                f"{code_of(version)} {version.principle.title}",
                one.text,
            ]
            for version in call.versions
            for one in call.sentences[version.pk]
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
        _("Path"),
        _("Reference"),
        _("Name"),
        _("Size in bytes"),
        _("SHA-256"),
        _("Type of content"),
        _("May be published"),
    ]

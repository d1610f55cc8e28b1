"""Word and Excel files since 2007."""

import re

from . import Refused
from .archive import opened, read_xml, refuse_archives_inside, xml_names

CONTENT_TYPES = "[Content_Types].xml"
OFFICE = "application/vnd.openxmlformats-officedocument"
# What the main part must be, and where it stands.
MAIN = {
    "docx": (f"{OFFICE}.wordprocessingml.document.main+xml", "word/"),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet.main+xml", "xl/"),
}
# The table behind a chart that was pasted into a report is a whole file of its own.
EMBEDDED = re.compile(
    r"(?:word|xl)/embeddings/.*\.(?:docx|xlsx|pptx|vsdx|bin)", re.IGNORECASE
)
ACTIVE_NAME = re.compile(
    r"(?:word|xl)/(?:embeddings/|activeX/|externalLinks/|queryTables/|connections\.xml).*",
    re.IGNORECASE,
)


def check(path, extension, cleaned):
    with opened(path) as archive:
        _refuse_another_kind(archive, extension)
        refuse_archives_inside(archive, allowed=EMBEDDED)
        pointing_outside = []

        def seen(name, attributes):
            if attributes.get("TargetMode") == "External" and not attributes.get(
                "Type", ""
            ).endswith("/hyperlink"):
                pointing_outside.append(name)

        for name in xml_names(archive):
            read_xml(archive, name, seen)
        return bool(pointing_outside) or any(
            map(ACTIVE_NAME.fullmatch, archive.namelist())
        )


def _refuse_another_kind(archive, extension):
    names = set(archive.namelist())
    if CONTENT_TYPES not in names:
        raise Refused("type")
    types = {}
    read_xml(
        archive,
        CONTENT_TYPES,
        lambda name, attributes: types.update(
            {attributes.get("PartName", ""): attributes.get("ContentType", "")}
        ),
    )
    if any("macroenabled" in one.lower() for one in types.values()):
        raise Refused("macros")
    main, folder = MAIN[extension]
    parts = {part.lstrip("/") for part, one in types.items() if one == main}
    if not any(part.startswith(folder) and part in names for part in parts):
        raise Refused("type")

"""LibreOffice's files."""

from submissions.files.kinds import KINDS

from . import Refused
from .archive import opened, read_xml, refuse_archives_inside, xml_names

MANIFEST = "META-INF/manifest.xml"
ACTIVE = {
    "draw:object-ole",
    "draw:applet",
    "draw:plugin",
    "draw:floating-frame",
    "office:dde-source",
    "script:event-listener",
    "table:table-source",
    "table:cell-range-source",
    "text:section-source",
}


def check(path, extension, cleaned):
    with opened(path) as archive:
        names = archive.namelist()
        if not {"mimetype", MANIFEST} <= set(names):
            raise Refused("type")
        with archive.open("mimetype") as file:
            if file.read(200).strip() != KINDS[extension].content_type.encode():
                raise Refused("type")
        elements = _elements(archive, MANIFEST)
        if any(element.endswith("encryption-data") for element in elements):
            raise Refused("password")
        if "content.xml" not in names:
            raise Refused("type")
        refuse_archives_inside(archive)
        for name in xml_names(archive):
            elements |= _elements(archive, name)
        return bool(elements & ACTIVE)


def _elements(archive, name):
    elements = set()
    read_xml(archive, name, lambda element, attributes: elements.add(element))
    return elements

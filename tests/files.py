"""Files that are what they say, and files that are not, made while a test runs."""

import io
import struct
import zipfile

import pikepdf
from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/{part}" ContentType="{type}"/></Types>'
)
DOCUMENT = "word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"
BOOK = "xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"


def pdf(change=None):
    file = pikepdf.new()
    file.add_blank_page()
    if change:
        change(file)
    return saved(file)


def saved(file, **options):
    out = io.BytesIO()
    file.save(out, **options)
    return out.getvalue()


def archive(parts, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def office(main=DOCUMENT, **more):
    """Return a Word file; `more` are parts by name, with __ for / and _dot_ for a dot."""
    part, kind = main
    named = {
        name.replace("__", "/").replace("_dot_", "."): content
        for name, content in more.items()
    }
    parts = {
        "[Content_Types].xml": TYPES.format(part=part, type=kind),
        part: "<document>Evidence</document>",
    }
    return archive(parts | named)


def docx(**more):
    return office(DOCUMENT, **more)


def xlsx(**more):
    return office(BOOK, **more)


def odf(kind="text", manifest="<manifest/>", **more):
    """Return a file of LibreOffice; `more` are parts by name, with __ for /."""
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": manifest,
        "content.xml": "<document>Evidence</document>",
    }
    return archive(
        parts | {name.replace("__", "/"): content for name, content in more.items()}
    )


def image(form="JPEG", size=(40, 30), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "#0b5a52").save(out, form, **options)
    return out.getvalue()


def located_photograph():
    """Return a JPEG that says where, when and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "A maker of cameras"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (53.0, 43.0, 12.0)
    return image(exif=exif)


def ole(streams, folders=()):
    """Return a file as Office wrote them before 2007: streams by name, and empty folders."""
    ends, unused = 0xFFFFFFFE, 0xFFFFFFFF
    # Shorter streams would be kept elsewhere.
    contents = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    names = ["Root Entry", *contents, *folders]
    sectors = -(-len(names) // 4)
    table = [0xFFFFFFFD, *range(2, sectors + 1), ends]
    entries, body = [], b""
    for number, name in enumerate(names):
        content = contents.get(name, b"")
        start = len(table) if content else ends
        count = -(-len(content) // 512)
        table += [*range(start + 1, start + count), ends] if content else []
        body += content.ljust(count * 512, b"\0")
        kind = 5 if number == 0 else 2 if content else 1
        following = number + 1 if 0 < number < len(names) - 1 else unused
        entries.append(
            name.encode("utf-16-le").ljust(64, b"\0")
            + struct.pack("<HBB", 2 * len(name) + 2, kind, 1)
            + struct.pack("<III", unused, following, unused if number else 1)
            + struct.pack("<36xIQ", start, len(content))
        )
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, ends, 0, ends, 0),
    )
    return (
        header
        + struct.pack("<109I", 0, *[unused] * 108)
        + struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
        + b"".join(entries).ljust(sectors * 512, b"\0")
        + body
    )


def doc(flags=0, folders=()):
    return ole({"WordDocument": struct.pack("<H8xH", 0xA5EC, flags)}, folders)


def xls(*records, folders=()):
    """Return a workbook of records: (number, body) each."""
    packed = (
        struct.pack("<HH", number, len(body)) + body
        for number, body in [(0x809, b"\0\6\5\0"), *records]
    )
    return ole({"Workbook": b"".join(packed)}, folders)

"""Files that are what they say, and files that are not, made while a test runs."""

import io
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


def odt():
    kind = "application/vnd.oasis.opendocument.text"
    return archive(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": "<document>Evidence</document>",
        }
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

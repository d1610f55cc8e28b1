"""Files sent as browsers and others send them, and what became of them."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.models import StoredFile

TYPE = "The selected file must be a PDF, Word, OpenDocument, Excel, CSV or text file"


def upload(ada, *files):
    """Send files as a browser does: (name, content) each."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return ada.client.post(ada.url + "files/", {"files": sent, "_end": "1"})


def upload_as(ada, disposition, content=b"Evidence"):
    """Send one file with the words of its part as they are."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="files"; '
        + disposition.encode()
        + b"\r\nContent-Type: text/plain\r\n\r\n"
        + content
        + b'\r\n--b\r\nContent-Disposition: form-data; name="_end"\r\n\r\n1\r\n--b--\r\n'
    )
    return ada.client.generic(
        "POST", ada.url + "files/", body, "multipart/form-data; boundary=b"
    )


def names(ada):
    return [attachment.name for attachment in ada.submission.attachments.all()]


def stored(ada):
    """Return the bytes of the only file, as they are kept."""
    [attachment] = ada.submission.attachments.all()
    with default_storage.open(attachment.stored.name) as file:
        return file.read()


def assert_kept(ada, name, content):
    response = upload(ada, (name, content))
    assert response.status_code == 302, refusals(response)
    assert names(ada) == [name]


def assert_refused(ada, name, content, words):
    response = upload(ada, (name, content))
    assert response.status_code == 422
    assert words in " ".join(refusals(response))
    assert "<title>Error: " in response.content.decode()
    assert names(ada) == []
    assert not StoredFile.objects.exists()


def refusals(response):
    return [str(error) for error in response.context["upload"].errors["files"]]

"""The three ways in which a text can arrive."""

import json
from urllib.parse import urlencode

from submissions.fields import tidy

WAYS = ["urlencoded", "multipart", "autosave"]


def send(ada, way, text, *, name="answer-1-1", part="section-1", page="section/1/"):
    """Send one text as a browser would, and return the answer."""
    if way == "autosave":
        return autosave(ada, part, {name: text})
    data = {name: text, "_end": "1"}
    if way == "multipart":
        return ada.client.post(ada.url + page, data)
    return post_urlencoded(ada, page, urlencode(data))


def post_urlencoded(ada, page, body, charset=""):
    """Post bytes as they are: Django's own client would encode them once more."""
    return ada.client.generic(
        "POST", ada.url + page, body, f"application/x-www-form-urlencoded{charset}"
    )


def autosave(ada, part, texts):
    form = ada.client.get(ada.url + "section/1/").context["form"]
    fields = {
        name: {
            "text": text,
            "was": getattr(form.fields.get(name), "was", ""),
            "length": len(tidy(text)),
        }
        for name, text in texts.items()
    }
    return ada.client.post(
        f"{ada.url}autosave/{part}/",
        json.dumps({"fields": fields}),
        content_type="application/json",
    )


def is_kept(response):
    return response.status_code in (200, 302)


def errors(response):
    """Return the words of the refusal, from a page or from autosave's JSON."""
    assert response.status_code == 422
    if response["Content-Type"] == "application/json":
        return [
            error for found in response.json()["errors"].values() for error in found
        ]
    return [
        error for found in response.context["form"].errors.values() for error in found
    ]

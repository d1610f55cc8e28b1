"""A label is the one that Django would give."""

import pytest
from django.apps import apps
from django.db import models
from django.utils.translation import override

from submissions.models.labelled import Labelled

FIELDS = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in apps.get_app_config("submissions").get_models()
    if issubclass(model, Labelled)
    for field in model._meta.get_fields()
    if getattr(field, "choices", None)
]


@pytest.mark.parametrize("language", ["en-gb", "fr"])
@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_a_label_is_the_one_that_django_gives(model, field, language):
    values = [value for value, _ in field.flatchoices]

    with override(language):
        for value in [*values, "", None, "a choice of former years"]:
            one = model(**{field.name: value})
            shown = getattr(one, f"get_{field.name}_display")()
            assert shown == models.Model._get_FIELD_display(one, field)
            assert type(shown) in (str, type(None))

"""A link to change what was read leads there and says so, in the language of the page."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from submissions.templatetags.to_change import change_link

READ = SimpleNamespace(anchor="id_answer-1-4", in_words='your "answer" <1.4>')


@pytest.mark.parametrize(
    ("language", "change"),
    [("en-gb", "Change"), ("fr", "Modification")],
)
@pytest.mark.parametrize("page", ["/evidence/a/section/1/", '/evidence/"b"/section/1/'])
def test_it_leads_to_the_place_on_its_page(language, change, page):
    with override(language):
        link = change_link(READ, page)

    address = page.replace('"', "&quot;")
    assert link == (
        f'<a href="{address}?from=check#id_answer-1-4">{change}<span class="unseen">'
        " your &quot;answer&quot; &lt;1.4&gt;</span></a>"
    )

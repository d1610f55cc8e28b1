"""Draws what is the same on many pages once."""

from django import template
from django.template.base import token_kwargs
from django.utils.translation import get_language

register = template.Library()

# Of one tag. More than there are questions in all calls.
MOST = 2_000


@register.tag
def once(parser, token):
    """Draw what is inside once for each language and for each of these values.

    {% once slug=consultation.slug %}…{{ slug }}…{% endonce %}

    Nothing else of the page can be used inside, so that nothing of one page can get into
    another.
    """
    given = token_kwargs(token.split_contents()[1:], parser)
    nodes = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodes, given)


class Once(template.Node):
    # The template is kept by its loader, and this with it.
    def __init__(self, nodes, given):
        self.nodes, self.given = nodes, given
        self.drawn = {}

    def render(self, context):
        values = {name: one.resolve(context) for name, one in self.given.items()}
        drawn_for = (get_language(), *values.values())
        # Another thread may clear them at any moment.
        drawn = self.drawn.get(drawn_for)
        if drawn is None:
            drawn = self.nodes.render(context.new(values))
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            self.drawn[drawn_for] = drawn
        return drawn

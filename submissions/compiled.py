"""Queries of every request, of which Django puts the SQL together only once."""

from dataclasses import dataclass
from functools import cache, wraps

from django.db import DEFAULT_DB_ALIAS
from django.db.models.expressions import RawSQL


@dataclass(frozen=True)
class _Place:
    """Where a value goes in the parameters of a statement."""

    number: int


def compiled(build):
    """Make of a function that returns a queryset one that returns its rows as a list.

    The queryset may only differ by the values that the function takes, each of which
    stands for one value in SQL. Finding out what to ask costs Django more than asking.
    """

    @cache
    def statement():
        count = build.__code__.co_argcount
        places = (RawSQL("%s", [_Place(number)]) for number in range(count))
        queryset = build(*places)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        return queryset.model, *compiler.as_sql()

    @wraps(build)
    def rows(*values):
        model, sql, params = statement()
        filled = (
            values[one.number] if isinstance(one, _Place) else one for one in params
        )
        return list(model._base_manager.raw(sql, tuple(filled)))

    return rows

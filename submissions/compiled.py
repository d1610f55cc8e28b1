"""Queries of every request: Django puts their SQL together once, PostgreSQL keeps their plans."""

from functools import cache, wraps

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Func
from django.db.models.expressions import RawSQL
from psycopg2.extensions import AsIs

from outbox.prepared import Prepared


class OneOf(Func):
    """The elements of an array of numbers, one of which something is: `pk__in=OneOf(ids)`."""

    template = "(SELECT unnest(%(expressions)s::bigint[]))"
    output_field = BigIntegerField()


def compiled(build):
    """Make of a function that returns a queryset one that returns its rows as a list.

    The queryset may only differ by the values that the function takes, each of which
    stands for one value in SQL, and fetches no other models beside its own. Finding out what
    to ask costs Django more than asking.
    """

    @cache
    def query():
        return _Query(build)

    @wraps(build)
    def rows(*values):
        return query().rows(values)

    return rows


class _Query:
    """What Django knows of a queryset once it has put its SQL together."""

    def __init__(self, build):
        numbers = range(1, build.__code__.co_argcount + 1)
        queryset = build(*(RawSQL("%s", [AsIs(f"${number}")]) for number in numbers))
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        with connection.cursor() as cursor:
            statement = cursor.mogrify(*compiler.as_sql()).decode()
        self.prepared = Prepared(f"{build.__module__}.{build.__name__}", statement)
        self.model = queryset.model
        selected = [column for column, *_ in compiler.select]
        fields = compiler.klass_info["select_fields"]
        self.fields = slice(fields[0], fields[-1] + 1)
        self.names = [column.target.attname for column in selected[self.fields]]
        self.annotations = compiler.annotation_col_map
        self.converters = compiler.get_converters(selected)

    def rows(self, values):
        with connection.cursor() as cursor:
            self.prepared.execute(cursor, values)
            return [self._instance(row) for row in cursor.fetchall()]

    def _instance(self, row):
        if self.converters:
            row = self._converted(row)
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.fields])
        for name, place in self.annotations.items():
            setattr(found, name, row[place])
        return found

    def _converted(self, row):
        """Do what a compiler's own method does, which keeps the connection that it had."""
        row = list(row)
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        return row

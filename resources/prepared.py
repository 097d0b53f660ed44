"""
Queries by ids whose SQL is written once.

Django takes several times longer to write the query of a page than the database to
answer it. The queries themselves stay what they are: querysets.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

# Lists of ids are filled up to one of these lengths, so that few queries do for all.
SIZES = [0, 1, 5, 10, 20, 50, 100, 500]


class Statement(NamedTuple):
    """A query as it is written once: what is asked, and what is made of the answer."""

    sql: str
    # The same as SQLite itself takes it.
    plain: str
    params: dict
    ids: list
    finish: Callable


class Prepared:
    def __init__(self, query):
        """`query` takes ids and gives a queryset of values_list()."""
        self.query = query
        self.written = {}

    def rows(self, ids=None):
        """What it gives for these ids; a query that takes none is given none."""
        if ids is not None and not ids:
            return []
        ids = list(ids or [])
        size = len(ids)
        if size <= SIZES[-1]:
            size = SIZES[bisect_left(SIZES, size)]
        ids += ids[-1:] * (size - len(ids))
        if size not in self.written:
            self.written[size] = write(self.query, size)
        statement = self.written[size]
        params = statement.params | dict(zip(statement.ids, ids, strict=True))
        return statement.finish(fetched(statement, params))


def write(query, size):
    """The statement that asks a query for so many ids."""
    # The ids are not known yet: negative numbers stand in their places.
    queryset = query([-place for place in range(1, size + 1)])
    compiler = queryset.query.get_compiler(connection=connection)
    sql, given = compiler.as_sql()
    # With names, as an id may have many places.
    params, names = {}, []
    for place, value in enumerate(given):
        is_id = type(value) is int and value < 0
        names.append(name_of_id(-value) if is_id else f"given{place}")
        if not is_id:
            params[names[-1]] = value
    sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
    ids = [name_of_id(place) for place in range(1, size + 1)]
    plain = sql % {name: f":{name}" for name in names}
    return Statement(sql, plain, params, ids, converted_by(compiler))


def fetched(statement, params):
    """
    The rows as the database gives them.

    The layers around Django's cursors take as long as SQLite does for such queries,
    so it is asked itself, unless somebody looks at what is asked.
    """
    one = connections[DEFAULT_DB_ALIAS]
    is_seen = one.queries_logged or one.execute_wrappers
    if one.vendor != "sqlite" or is_seen or one.connection is None:
        with one.cursor() as cursor:
            cursor.execute(statement.sql, params)
            return cursor.fetchall()
    with one.wrap_database_errors:
        return one.connection.execute(statement.plain, params).fetchall()


def name_of_id(place):
    return f"id{place}"


def converted_by(compiler):
    """What makes values of a database into those of Python, as querysets do it."""
    shown = [expression for expression, *_ in compiler.select]
    converters = compiler.get_converters(shown[: compiler.col_count])
    if not converters:
        return list
    return lambda rows: list(map(tuple, compiler.apply_converters(rows, converters)))

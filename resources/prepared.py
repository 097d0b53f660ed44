"""
Queries by ids whose SQL is written once.

Django takes several times longer to write the query of a page than the database to
answer it. The queries themselves stay what they are: querysets.
"""

from django.db import connection

# Lists of ids are filled up to one of these lengths, so that few queries do for all.
SIZES = [0, 1, 5, 10, 20, 50, 100, 500]


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
        size = next((size for size in SIZES if size >= len(ids)), len(ids))
        ids += ids[-1:] * (size - len(ids))
        if size not in self.written:
            self.written[size] = self.write(size)
        sql, params, finish = self.written[size]
        with connection.cursor() as cursor:
            cursor.execute(sql, [ids[-p - 1] if is_place(p) else p for p in params])
            return finish(cursor.fetchall())

    def write(self, size):
        # The ids are not known yet: negative numbers stand in their places.
        queryset = self.query([-place for place in range(1, size + 1)])
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        shown = [expression for expression, *_ in compiler.select]
        converters = compiler.get_converters(shown[: compiler.col_count])
        if not converters:
            return sql, params, list
        return (
            sql,
            params,
            lambda rows: list(map(tuple, compiler.apply_converters(rows, converters))),
        )


def is_place(parameter):
    return type(parameter) is int and parameter < 0

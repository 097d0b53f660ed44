"""The parameters of lists for programs: feeds, downloads and the API."""

from . import ResourceFilter, database


class ProgramFilter(ResourceFilter):
    """
    The same parameters, where a value that no resource has finds nothing.

    People are told about such a value, and get the list without it. A program would
    take that list for the answer: all resources instead of those of a theme that has
    just lost its last one.
    """

    def usable_values(self, facet, values):
        return values

    def after(self, mark, size):
        """
        Return what Search.after() does, from the database.

        The marks of both are alike, so that either continues where the other ended.
        """
        total, order = self.qs.count(), self.order
        if order not in database.KEYS:
            rows = self.qs.values_list("pk", flat=True)[mark : mark + size]
            return list(rows), mark + size if mark + size < total else None, total
        rows = database.behind(self.qs, order, mark) if mark else self.qs
        rows = list(rows.values_list("pk", "published_at", "year")[: size + 1])
        ids = [pk for pk, _published_at, _year in rows[:size]]
        mark = database.KEYS[order](*rows[size - 1]) if len(rows) > size else None
        return ids, mark, total

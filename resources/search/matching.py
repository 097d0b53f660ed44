"""Which records match words and filters, as bitmaps; query.py says it to the engine."""

from pyroaring import BitMap

from .analysis import alternatives
from .bitmaps import matches
from .query import phrase_query


class Matcher:
    """Finds what matches in one snapshot of the index; remembers words it has met."""

    def __init__(self, snapshot):
        self.snapshot, self.bitmaps = snapshot, snapshot.bitmaps
        self.words = {}

    def matching(self, parsed, all_words=False):
        """Return the records that the words ask for, in no order."""
        if parsed.is_without_words:
            return BitMap()
        must = [self.with_phrase(forms) for forms in parsed.phrases]
        for name, form in parsed.scoped:
            must.append(self.with_word(form, name))
        if all_words or not must:
            words = [self.wanted(parsed, form) for form in parsed.words]
            must += words if all_words or not words else [BitMap.union(*words)]
        found = BitMap.intersection(*must) if must else self.snapshot.all
        for forms in parsed.excluded:
            is_word = len(forms) == 1
            found = found - (
                self.with_word(forms[0]) if is_word else self.with_phrase(forms)
            )
        withdrawn = self.snapshot.withdrawn
        return found - withdrawn if withdrawn else found

    def results(self, parsed, filters, all_words=False):
        """Return the records that the words ask for and the filters allow."""
        return self.narrowed(self.matching(parsed, all_words), filters)

    def wanted(self, parsed, form):
        """Return the records that have a typed word, or what it means besides."""
        joined = parsed.compounds.get(form, ())
        sense = parsed.senses.get(form)
        if not sense:
            return BitMap.union(*map(self.with_word, [form, *joined]))
        found = [self.with_stems(parsed.stems(form)), *map(self.with_word, joined)]
        if sense.stems:
            found.append(self.bitmaps.term("exact", form))
        if sense.countries:
            found.append(self.bitmaps.any_value("country", sense.countries))
        found += map(self.with_phrase, sense.phrases)
        for forms in sense.equivalents:
            found.append(BitMap.intersection(*map(self.with_word, forms)))
        return BitMap.union(*found)

    def with_word(self, form, name="text"):
        if (form, name) not in self.words:
            # Names of authors are not stemmed.
            stems = [form] if name == "in_author" else alternatives(form)
            self.words[form, name] = self.with_stems(stems, name)
        return self.words[form, name]

    def with_stems(self, stems, name="text"):
        return BitMap.union(*(self.bitmaps.term(name, stem) for stem in stems))

    def with_phrase(self, forms):
        return matches(self.bitmaps.searcher, phrase_query(self.bitmaps.schema, forms))

    def narrowed(self, found, filters):
        """Return the records among some that the filters allow."""
        first, last = filters.get("year_from"), filters.get("year_to")
        allowed = [
            self.bitmaps.any_value(name, values)
            for name, values in filters.items()
            if name not in {"year_from", "year_to"}
        ]
        if first or last:
            allowed.append(self.bitmaps.years(first, last))
        return BitMap.intersection(found, *allowed) if allowed else found

"""What comes back from a search."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Results:
    """One page of results, and what to say about them."""

    ids: list
    total: int
    # By facet: the number of records each value would give, selected or not.
    counts: dict = field(default_factory=dict)
    years: dict = field(default_factory=dict)
    # How many have all words, where that says something.
    total_with_all_words: int | None = None
    # Words that were looked up in place of unknown ones, by what was typed.
    corrections: dict = field(default_factory=dict)
    # Words that no record has, and nothing close to them.
    unknown: list = field(default_factory=list)
    # Whether something was typed, but no word.
    is_without_words: bool = False
    ignored: list = field(default_factory=list)
    # Words of the same meaning that were searched too, as curators wrote them.
    also: list = field(default_factory=list)
    is_truncated: bool = False
    # Whether this comes from the database, without counts, as there is no index.
    is_plain: bool = False
    # Stems to highlight in what is shown.
    stems: frozenset = frozenset()

"""
A catalogue of invented records, the same for the same seed.

    python -m bench.generate 100000 --data-dir var/bench/100000

Words of four languages follow Zipf's law; authors, programmes and countries are as
unevenly spread as real ones. Rows go through the models, in bulk: drafts first,
with their links, then one update publishes a whole batch.
"""

import argparse
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

BATCH = 5000
WORDS = 40_000  # of each language
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
# Shares of the records, and what words are made of.
LANGUAGES = {
    "en": (0.5, "b c d f g l m n p r s t st tr pl", "a e i o u ea", "the of and in"),
    "fr": (
        0.2,
        "b c d f g l m n p r s t v ch",
        "a e é i o ou eau è",
        "le la de des et",
    ),
    "es": (0.2, "b c d f g l m n p r s t ll ñ", "a e i o u ó í", "el la de los y en"),
    "ar": (0.1, "ب ت ج د ر س ش ع ف ق ك ل م ن ه", "ا و ي", "في من على و عن"),
}


class Vocabulary:
    """Invented words of one language; the first ones are the most frequent."""

    def __init__(self, random, consonants, vowels, common):
        self.random = random
        consonants, vowels = consonants.split(), vowels.split()
        words = common.split()
        while len(words) < WORDS:
            syllables = random.choices([1, 2, 3, 4], [1, 6, 6, 2])[0]
            pairs = (
                random.choice(consonants) + random.choice(vowels)
                for _ in range(syllables)
            )
            words.append(
                "".join(pairs) + random.choice(["", random.choice(consonants)])
            )
        self.words = words
        self.weights = list(accumulate(1 / (i + 3) for i in range(WORDS)))

    def text(self, count):
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def title(self):
        return " ".join(self.text(self.random.randint(4, 12))).capitalize()

    def summary(self):
        words = self.text(self.random.randint(50, 90))
        for i in range(0, len(words), 12):
            words[i] = words[i].capitalize()
            words[i - 1] += "."
        return " ".join(words)


class Uneven:
    """Picks from a list, the first ones far more often than the last."""

    def __init__(self, random, rows):
        self.random, self.rows = random, list(rows)
        random.shuffle(self.rows)
        self.weights = list(accumulate(1 / (i + 2) for i in range(len(self.rows))))

    def pick(self, most):
        """Up to so many different ones."""
        count = self.random.randint(1, most)
        found = self.random.choices(self.rows, cum_weights=self.weights, k=count)
        return list(dict.fromkeys(found))


class Generator:
    def __init__(self, count, seed=1):
        from resources import models

        self.models = models
        self.random = rnd = random.Random(seed)
        self.count = count
        self.vocabularies = {
            code: Vocabulary(rnd, *parts)
            for code, (_share, *parts) in LANGUAGES.items()
        }
        self.shares = [share for share, *_ in LANGUAGES.values()]
        self.types = Uneven(rnd, models.ResourceType.objects.order_by("pk"))
        self.programmes = Uneven(rnd, models.Programme.objects.order_by("pk"))
        self.pools = {
            "themes": (Uneven(rnd, models.Theme.objects.order_by("pk")), 3),
            "regions": (Uneven(rnd, models.Region.objects.order_by("pk")), 1),
            "countries_of_origin": (Uneven(rnd, models.Country.objects.all()), 2),
            "countries_of_residence": (Uneven(rnd, models.Country.objects.all()), 1),
        }
        self.people = self.contributors(count // 10 + 10, "person")
        self.publishers = self.contributors(count // 200 + 5, "organisation")

    def contributors(self, count, kind):
        words = self.vocabularies["en"]
        rows = [
            self.models.Contributor(
                name=f"{' '.join(words.text(2)).title()} {kind[0]}{i}", kind=kind
            )
            for i in range(count)
        ]
        made = self.models.Contributor.objects.bulk_create(rows, batch_size=BATCH)
        return Uneven(self.random, made)

    def run(self, progress=lambda done: None):
        for start in range(0, self.count, BATCH):
            size = min(BATCH, self.count - start)
            self.batch(start, size)
            progress(size)

    def batch(self, start, size):
        from django.db import transaction

        models, status = self.models, self.models.Resource.Status
        with transaction.atomic():
            rows = [self.resource(start + i) for i in range(size)]
            made = models.Resource.objects.bulk_create(rows)
            models.Contribution.objects.bulk_create(
                models.Contribution(resource=row, contributor=one, position=position)
                for row in made
                for position, one in enumerate(self.people.pick(3), 1)
            )
            for name, (pool, most) in self.pools.items():
                self.link(made, name, pool, most)
            drafts = models.Resource.objects.filter(
                pk__range=(made[0].pk, made[-1].pk), status=status.DRAFT
            )
            drafts.update(status=status.PUBLISHED)

    def resource(self, place):
        rnd = self.random
        [language] = rnd.choices(list(LANGUAGES), self.shares)
        words = self.vocabularies[language]
        return self.models.Resource(
            title=words.title(),
            summary=words.summary(),
            language=language,
            type=self.types.pick(1)[0],
            programme=self.programmes.pick(1)[0] if rnd.random() < 0.6 else None,
            publisher=self.publishers.pick(1)[0],
            year=rnd.randint(1990, 2026) if rnd.random() < 0.95 else None,
            published_at=BEGINNING - timedelta(minutes=place),
        )

    def link(self, made, name, pool, most):
        through = getattr(self.models.Resource, name).through
        [column] = [
            field.attname
            for field in through._meta.fields
            if field.attname not in {"id", "resource_id"}
        ]
        through.objects.bulk_create(
            through(**{"resource_id": row.pk, column: one.pk})
            for row in made
            for one in pool.pick(most)
        )


def set_up(data_dir):
    """Django on a database of its own, with the vocabularies. For scripts only."""
    os.environ.update(
        LOCAL="1",
        DATA_DIR=str(Path(data_dir).resolve()),
        DJANGO_SETTINGS_MODULE="idiaspora.settings",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("loaddata", "vocabularies", verbosity=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    set_up(options.data_dir)
    from resources.management.commands._progress import Progress
    from resources.models import Resource

    if there := Resource.objects.count():
        parser.exit(f"There are {there:,} records already.\n")
    began = time.monotonic()
    with Progress(OutputToTerminal(sys.stdout), options.count) as progress:
        Generator(options.count, options.seed).run(progress)
    print(f"{options.count:,} records loaded in {time.monotonic() - began:.0f} s")


class OutputToTerminal:
    """The little of Django's command output that a progress bar asks for."""

    def __init__(self, out):
        self.out = out
        self.isatty, self.flush = out.isatty, out.flush

    def write(self, text, ending="\n"):
        self.out.write(text + ending)


if __name__ == "__main__":
    main()

"""
Measure the most expensive requests, as multiples of an ordinary page in the same run.

    python -m bench.worst var/bench/100000 [--seconds 3]

Needs what bench.measure needs. The ordinary page is the first page of the list, made
anew. Beside the ratio stands what the request costs in tokens (resources/limits.py): an
address may spend RATE_LIMIT of them a second.
"""

import argparse
import random
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from .generate import set_up
from .measure import SITE, canonical, load, server

# An ordinary request costs at most as many ordinary pages.
MOST = 20
DIFFERENT = 200


def words():
    """Return words of titles, and the same words misspelt."""
    from resources.models import Resource

    titles = Resource.objects.published().order_by("pk").values_list("title", flat=True)
    right = sorted({word for title in titles[:5000] for word in title.split()})
    right = [word for word in right if word.isalpha() and len(word) > 5]
    rnd = random.Random(7)

    def misspelt(word):
        at = rnd.randrange(1, len(word) - 1)
        return word[:at] + rnd.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]

    return right, [misspelt(word) for word in right]


# Each is in a group of the fixtures, and brings up to twelve others.
WITH_EQUIVALENTS = (
    "diaspora emigrants remittances women youth return reintegration".split()
)
WITH_EQUIVALENTS += (
    "gender entrepreneurship retour femmes jeunes remesas mujeres".split()
)
NAMES_OF_COUNTRIES = (
    "Dutch Spanish Swiss Ivorian Nigerian Malian Finnish Somali".split()
)
NAMES_OF_COUNTRIES += "ivoirienne marocain suisse peruano egipcio Ghanaian".split()


def text(some, length, rnd):
    """Return different words, as many as this number of characters holds."""
    found = ""
    while len(found) < length:
        found += f"{rnd.choice(some)} "
    return found[:length].strip()


def requests():
    """Return the addresses of each kind, all different where words are in them."""
    from resources.models import Country, Programme, Region, ResourceType, Theme

    rnd = random.Random(3)
    right, wrong = words()

    def searches(some, length, more=""):
        return [
            f"/resources/?q={quote(text(some, length, rnd))}{more}"
            for _ in range(DIFFERENT)
        ]

    def slugs(model, field="slug"):
        return list(model.objects.order_by(field).values_list(field, flat=True))

    facets = {
        "theme": slugs(Theme),
        "country": [code.lower() for code in slugs(Country, "code")],
        "region": slugs(Region),
        "type": slugs(ResourceType),
        "programme": slugs(Programme),
    }

    def many_filters(each, more=()):
        chosen = [
            (name, value)
            for name, values in sorted(facets.items())
            for value in sorted(rnd.sample(values, min(each, len(values))))
        ]
        return urlencode([*chosen, *more])

    filtered = [f"/resources/?{many_filters(20)}" for _ in range(DIFFERENT)]
    none = [
        f"/resources/?{many_filters(1, [('q', text(wrong, 300, rnd))])}"
        for _ in range(DIFFERENT)
    ]
    return {
        "two words": searches(right, 15),
        "300 characters": searches(right, 300),
        "1,000 characters": searches(right, 1000),
        "2,000 characters": searches(right, 2000),
        "words with equivalents": searches(WITH_EQUIVALENTS, 150),
        "names of countries": searches(NAMES_OF_COUNTRIES, 150),
        "300 characters, misspelt": searches(wrong, 300),
        "the same with a filter of each facet": none,
        "20 values of each facet": filtered,
        "one letter": [f"/resources/?q={letter}" for letter in "aeiou"],
        "quoted": [
            f"/resources/?q={quote(chr(34) + text(right, 200, rnd) + chr(34))}"
            for _ in range(DIFFERENT)
        ],
        "all values of a facet": ["/resources/choose/country/"],
        "suggestions": [
            f"/resources/suggest/?q={quote(text(wrong, 40, rnd))}"
            for _ in range(DIFFERENT)
        ],
        "feed of a search": [
            f"/resources/feed/?q={quote(text(right, 30, rnd))}"
            for _ in range(DIFFERENT)
        ],
        "API, 100 records": ["/api/resources/?size=100"],
        "API, 100 records of a search": [
            f"/api/resources/?size=100&q={quote(text(right, 30, rnd))}"
            for _ in range(DIFFERENT)
        ],
        "OAI-PMH, 100 records": ["/oai?verb=ListRecords&metadataPrefix=oai_dc"],
        "OAI-PMH, 100 records as MODS": ["/oai?verb=ListRecords&metadataPrefix=mods"],
    }


def tokens(path):
    """Return what one request costs, from the headers of a server with a limit."""
    request = Request(SITE + path)
    with urlopen(request) as answer:
        answer.read()
        headers = answer.headers
    if "RateLimit" not in headers:
        return 0
    # The bucket was full before.
    full = int(headers["RateLimit-Policy"].partition("q=")[2].partition(";")[0])
    return full - int(headers["RateLimit"].partition("r=")[2].partition(";")[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    set_up(options.data_dir)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("index", verbosity=0)
    data_dir = options.data_dir.resolve()
    found = {}
    with server(data_dir, PAGE_CACHE="0") as [pid]:
        ordinary = load(["/resources/"], pid, options.seconds)["cpu"]
        print(f"An ordinary page: {ordinary:.2f} ms of CPU\n")
        for name, paths in requests().items():
            paths = canonical(paths[:50]) if "resources/?" in paths[0] else paths
            found[name] = paths[0], load(paths, pid, options.seconds)["cpu"]
    print("| request | x ordinary | CPU ms | tokens |")
    print("|---|--:|--:|--:|")
    with server(data_dir, PAGE_CACHE="0", RATE_LIMIT="1000"):
        for name, (path, cpu) in found.items():
            ratio = cpu / ordinary
            print(f"| {name} | {ratio:.1f} | {cpu:.2f} | {tokens(path)} |")
    worst = max(cpu for _path, cpu in found.values()) / ordinary
    print(f"\nThe worst is {worst:.0f} times an ordinary page; the aim is {MOST}.")


if __name__ == "__main__":
    main()

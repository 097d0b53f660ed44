"""
Measure what pages cost, as multiples of a constant Django response in the same run.

    python -m bench.measure var/bench/100000 [--seconds 5]

Needs wrk, and data made by bench.generate. One worker of gunicorn runs on one core,
wrk with eight connections on another. CPU per request is read from the worker's own
times, so what else the machine does matters little; latency is what wrk saw.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from .generate import set_up

ROOT = Path(__file__).resolve().parent.parent
PORT = 8765
SITE = f"http://127.0.0.1:{PORT}"
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
CONNECTIONS = 8
# Addresses of one kind: more than the results that a process remembers.
DIFFERENT = 1500


@contextmanager
def server(data_dir, workers=1, app="idiaspora.wsgi", **environment):
    """A running gunicorn, pinned to the first core; gives its workers' process ids."""
    command = ["taskset", "-c", str(CORES[0]), sys.executable, "-m", "gunicorn"]
    command += ["-c", "idiaspora/gunicorn.py", app]
    environment = {
        "DATA_DIR": str(data_dir),
        "LOCAL": "1",
        "PORT": str(PORT),
        "RATE_LIMIT": "0",
        "WEB_CONCURRENCY": str(workers),
    } | environment
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(process)
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        yield [int(pid) for pid in Path(children).read_text().split()]
    finally:
        process.terminate()
        process.wait()


def wait_for(process):
    for _ in range(300):
        try:
            urlopen(f"{SITE}/", timeout=30).read()
            return
        except OSError:
            if process.poll() is not None:
                raise SystemExit("The server did not start.") from None
            time.sleep(0.1)
    raise SystemExit("The server does not answer.")


def cpu(pid):
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(paths, pid, seconds):
    """Ask for the addresses in turn; milliseconds of CPU for each, and latency."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        command = ["taskset", "-c", str(CORES[-1]), "wrk", "-t1", "--timeout=30s"]
        command += [f"-c{CONNECTIONS}", "-s", "bench/addresses.lua"]
        drive(command, file.name, 1)  # to warm up
        before = cpu(pid)
        report = drive(command, file.name, seconds)
    seen = json.loads(report.rpartition("JSON ")[2])
    if seen["failed"]:
        raise SystemExit(f"{seen['failed']} requests failed, as {paths[0]} may.")
    return seen | {"cpu": 1000 * (cpu(pid) - before) / seen["requests"]}


def drive(command, addresses, seconds):
    command = [*command, f"-d{seconds}s", SITE, "--", addresses]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def kinds():
    """Addresses of each kind of page, in the canonical form; needs the data."""
    from resources import documents
    from resources.models import Resource, ResourceType

    rnd = random.Random(1)
    count = Resource.objects.published().count()
    ids = rnd.sample(range(1, count + 1), min(DIFFERENT, count))
    rows = list(documents.published(ids).values())
    words = sorted(
        {word for row in rows for word in row.title.split() if len(word) > 4}
    )
    last = (count + 9) // 10

    def two_filters(row):
        values = {
            "language": row.language,
            "type": row.type.slug,
            "theme": row.themes[0].slug,
            "country": row.countries[0].slug,
        }
        if row.programme:
            values["programme"] = row.programme.slug
        return urlencode(sorted(rnd.sample(sorted(values.items()), 2)))

    types = list(ResourceType.objects.order_by("slug").values_list("slug", flat=True))

    def broad_filter():
        """Half of the types, and with them about half of the catalogue."""
        some = sorted(rnd.sample(types, len(types) // 2))
        return urlencode([("type", slug) for slug in some])

    filtered = {two_filters(row) for row in rows}
    broad = {broad_filter() for _ in range(DIFFERENT)}
    searched = [quote(" ".join(rnd.sample(words, 2))) for _ in range(DIFFERENT)]
    return {
        "list, first page": ["/resources/"],
        "list, last page": [f"/resources/?page={last}" if last > 1 else "/resources/"],
        "two filters": [f"/resources/?{query}" for query in sorted(filtered)],
        "a broad filter": [f"/resources/?{query}" for query in sorted(broad)],
        "search": [f"/resources/?q={query}" for query in searched],
        "record": [row.address_in("en") for row in rows],
        **for_machines(),
    }


def for_machines():
    """A hundred records from each end, as harvesters and programs ask for them."""
    from resources.models import Change, Resource

    harvest = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    near_the_end = Change.objects.filter(is_last=True).order_by("-pk")[:100]
    at = f"{list(near_the_end)[-1].at:%Y-%m-%dT%H:%M:%SZ}"
    oldest = Resource.objects.published().order_by("published_at", "pk")[:101]
    last = list(oldest)[-1]
    mark = int(last.published_at.timestamp() * 1000) << 22 | (last.pk & 0x3FFFFF)
    return {
        "OAI-PMH, first 100": [harvest],
        "OAI-PMH, last 100": [f"{harvest}&from={at}"],
        "API, first 100": ["/api/resources/?size=100"],
        "API, last 100": [f"/api/resources/?size=100&after=newest-{mark:x}"],
    }


def canonical(paths):
    """The addresses that answer, in place of those that send on to them."""
    found = []
    for path in paths:
        with urlopen(SITE + path) as answer:
            answer.read()
            found.append(answer.url.removeprefix(SITE))
    return found


def memory(pids, kind="Pss_Anon"):
    """Return the proportional set size of processes in MB: private, or mapped files."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                total += int(line.split()[1])
    return total / 1024


ADMIN_PAGES = [
    "/admin/",
    "/admin/resources/resource/",
    "/admin/resources/resource/?q=report",
    "/admin/resources/resource/?status__exact=draft",
    "/admin/resources/resource/{pk}/change/",
    "/admin/resources/resource/add/",
    "/admin/resources/contributor/",
    "/admin/resources/theme/",
    "/admin/resources/change/",
]


def signed_in():
    """Return the cookie of a curator of the bench."""
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore

    User = get_user_model()
    user = User.objects.filter(username="bench").first()
    user = user or User.objects.create_superuser("bench")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def admin_pages(pid):
    """Yield each page of the admin, with the seconds of CPU that it takes."""
    from resources.models import Resource

    headers = {"Cookie": signed_in()}
    pk = Resource.objects.published().values_list("pk", flat=True).first()
    for path in ADMIN_PAGES:
        request = Request(SITE + path.format(pk=pk), headers=headers)
        urlopen(request).read()
        before = cpu(pid)
        for _ in range(5):
            urlopen(request).read()
        yield path, (cpu(pid) - before) / 5


def whole_file(pid):
    """The catalogue as CSV: seconds to the first byte and to the last, MB it took."""
    before, most, began = memory([pid]), 0, time.monotonic()
    with urlopen(f"{SITE}/resources.csv") as answer:
        answer.read(1)
        first = time.monotonic() - began
        while answer.read(2**24):
            most = max(most, memory([pid]))
    return first, time.monotonic() - began, max(most - before, 0)


def size(folder):
    return sum(one.stat().st_size for one in Path(folder).rglob("*") if one.is_file())


def measure(data_dir, seconds):
    """Yield what was measured: for each kind of page its name and what load() saw."""
    pages = kinds()
    with server(data_dir, app="bench.floor") as [pid]:
        floor = load(["/"], pid, seconds)
    yield "floor", floor
    with server(data_dir, PAGE_CACHE="0") as [pid]:
        pages = {name: canonical(paths) for name, paths in pages.items()}
        for name, paths in pages.items():
            yield name, load(paths, pid, seconds)
        yield "file", whole_file(pid)
        yield "admin", max(admin_pages(pid), key=lambda page: page[1])
    with server(data_dir) as [pid]:
        yield "from the page cache", load(pages["list, first page"], pid, seconds)
    with server(data_dir, workers=2) as pids:
        load([path for paths in pages.values() for path in paths], pids[0], seconds)
        yield "memory", (memory(pids), memory(pids, "Pss_File"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    set_up(options.data_dir)
    from django.conf import settings
    from django.core.management import call_command

    from resources.models import Resource

    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.monotonic()
    call_command("index", verbosity=0)
    print(f"{Resource.objects.count():,} records")
    print(f"Index brought up to date in {time.monotonic() - began:.0f} s, ", end="")
    print(f"{size(settings.INDEX_DIR) / 1e6:.0f} MB on disk\n")
    print("| page | x floor | CPU ms | p50 ms | p95 ms | p99 ms | requests/s |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    floor, report = None, ""
    for name, seen in measure(options.data_dir.resolve(), options.seconds):
        if name == "memory":
            private, mapped = seen
            print(
                f"\n{report}\nTwo workers together: {private:.0f} MB of private memory"
            )
            print(f"(Pss_Anon), and {mapped:.0f} MB of mapped files")
            continue
        if name == "admin":
            path, seconds = seen
            report += f"\nThe dearest page of the admin: {path}, {seconds:.2f} s of CPU"
            continue
        if name == "file":
            first, last, more = seen
            report = f"CSV of everything: first byte after {first:.2f} s, all "
            report += f"after {last:.0f} s, {more:.0f} MB more private memory"
            continue
        floor = floor or seen["cpu"]
        times = " | ".join(f"{seen[key]:.2f}" for key in ["cpu", "p50", "p95", "p99"])
        rate = seen["requests"] / seen["seconds"]
        print(f"| {name} | {seen['cpu'] / floor:.1f} | {times} | {rate:.0f} |")


if __name__ == "__main__":
    main()

"""`python -m deploy.bench.white_label`: how wholly an organization's look covers the product, and what that costs.

Both organizations of the demo, behind the real proxy with an authority of its own: the leak walk of one of them, the planted leaks, the brand's
stylesheet, the first load of the public pages in a real Chromium, what Lighthouse and axe say of them in every palette, the proxy's questions
about hosts that nobody has, and the slowest message. How long it takes to go live is `make bench-golive`'s figure.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from deploy.bench.front import ROOT, chromium, prepared, standing
from deploy.bench.results import Results

prepared()

from core.leak_walk.checklist.checks import look_at  # noqa: E402
from core.leak_walk.checklist.rows import Status  # noqa: E402
from deploy.bench import lighthouse, public_pages  # noqa: E402
from deploy.local.seed.practices import PRACTICES  # noqa: E402
from tests.leaks.captures import CLEAN, FACTS  # noqa: E402
from tests.leaks.planted import PLANTED  # noqa: E402
from tests.local.caddy import ask  # noqa: E402

if TYPE_CHECKING:
    from tests.journeys.house import House
    from tests.local.caddy import FrontDoor

MOST_SECONDS, MOST_SHEET_BYTES, MOST_MILLISECONDS = 300, 4_000, 5
STRANGERS, TIMES = 1_000, 100
WALK = """
import time
from core.kernel import clock
from core.leak_walk import actions
began, spent = time.monotonic(), time.process_time()
report = actions.walk_now(now=clock.now())
answer = {"rows": report.rows, "places": report.looked_at, "languages": report.languages,
          "seconds": time.monotonic() - began, "cpu": time.process_time() - spent}
"""
QUERIES = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
browser = Client(headers={{"host": {host!r}}})
browser.get({path!r}, secure=True)
with CaptureQueriesContext(connection) as asked:
    browser.get({path!r}, secure=True)
answer = [query["sql"] for query in asked]
"""
SLOWEST = "from deploy.bench.pages import slowest_message\nanswer = slowest_message({times})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lighthouse", type=int, default=3, metavar="RUNS", help="of each page; the middle one counts")
    options = parser.parse_args()
    results = Results("white-label")
    load = os.getloadavg()[0]
    results.note("load_at_start", load, "", note=f"of {os.cpu_count()} cores")
    # Without the outbox, because the seed's past would be over before it is made; and the walk keeps its promises itself.
    with standing("mail", "payments", "media", "web", DNS_SERVERS="", MAIL_ZONE="") as (house, door):
        quiet = {**house.environment, "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "-m", "deploy.local.seed"], cwd=ROOT, env=quiet, check=True)
        measure_planted(results)
        measure_sheet(results, house, door)
        measure_asking(results, house, door)
        measure_messages(results, house)
        with sync_playwright() as playwright:
            chrome = chromium(playwright, door)
            public_pages.measure(results, house, chrome)
            chrome.close()
        lighthouse.measure(results, house, door, options.lighthouse)
        measure_walk(results, house)
    print(results.write())
    if results.missed:
        raise SystemExit(f"Over their limits: {', '.join(results.missed)}")


def measure_walk(results: Results, house: House) -> None:
    """Everything that one organization's people receive, as everybody, in every language that it offers."""
    walked: Any = house.inside(PRACTICES[0].slug, WALK)
    statuses = [row["status"] for row in walked["rows"]]
    leaks = [row["row"] for row in walked["rows"] if row["status"] == Status.LEAK]
    results.note("walk_rows", len(statuses), "rows", baseline=70, note=f"in {', '.join(walked['languages'])}")
    results.limit("walk_leaks", len(leaks), 0, "rows", note=", ".join(leaks))
    results.limit("walk_unseen", statuses.count(Status.UNSEEN), 0, "rows")
    for status in (Status.EXCEPTION, Status.ELSEWHERE, Status.ABSENT):
        results.note(f"walk_{status}", statuses.count(status), "rows", note="each with its reason in the report")
    results.note("walk_places", walked["places"], "places")
    results.note("walk_cpu_s", walked["cpu"], "s", note="processor time of the walk itself")
    results.limit("walk_s", walked["seconds"], MOST_SECONDS, "s")


def measure_planted(results: Results) -> None:
    """Every planted leak is found by the check of its row."""
    lost = [
        row
        for row, planted in PLANTED
        if next(result for result in look_at(FACTS, [*CLEAN, planted]) if result.row == row).status != Status.LEAK
    ]
    results.limit("planted_lost", len(lost), 0, "leaks", note=f"of {len(PLANTED)} planted {', '.join(lost)}")


def measure_sheet(results: Results, house: House, door: FrontDoor) -> None:
    """The brand's stylesheet, as the proxy gives it at the address that pages name."""
    for practice in PRACTICES:
        host = f"{practice.slug}.localhost"
        page = ask(door.https, host, "/account/login/")[2]
        path = re.search(r'href="(/brand\.css[^"]*)"', page)[1]  # type: ignore[index]
        _, headers, sheet = ask(door.https, host, path)
        cached = {name.lower(): value for name, value in headers.items()}["cache-control"]
        queries: Any = house.inside(practice.slug, QUERIES.format(host=host, path=path))
        name = f"brand_css_{practice.slug}"
        results.limit(f"{name}_bytes", len(sheet.encode()), MOST_SHEET_BYTES, "bytes")
        results.limit(f"{name}_queries", len(queries), 0, "queries", note="warm")
        results.limit(f"{name}_changing", int("immutable" not in cached), 0, "", note=cached)


def measure_asking(results: Results, house: House, door: FrontDoor) -> None:
    """What the proxy asks before it fetches a certificate, for hosts that nobody has.

    The baseline is the same question about what is no name at all, which is answered without looking anything up.
    """
    before = door.certificates()
    trust = ssl.create_default_context(cafile=str(door.own_authority))
    refused = sum(_is_refused(door, trust, f"x{number}.stranger.example") for number in range(STRANGERS))
    results.limit("strangers_certificates", len(door.certificates() - before), 0, "", note=f"of {STRANGERS} handshakes")
    results.limit("strangers_served", STRANGERS - refused, 0, "", note=f"of {STRANGERS} handshakes")
    connection = HTTPConnection("127.0.0.1", house.ports.web, timeout=30)
    took: dict[str, list[float]] = {"known": [], "unknown": [], "no_name": []}
    permitted = 0
    for number in range(STRANGERS):
        names = {"known": f"{PRACTICES[0].slug}.localhost", "unknown": f"y{number}.stranger.example", "no_name": "*"}
        for whose, host in names.items():
            began = time.perf_counter()
            connection.request("GET", f"/.well-known/tls-permission?domain={host}")
            answer = connection.getresponse()
            answer.read()
            took[whose].append((time.perf_counter() - began) * 1000)
            permitted += whose != "known" and answer.status == 200
    results.limit("ask_permitted", permitted, 0, "", note=f"of {STRANGERS} names that nobody has")
    base = _p95(took["no_name"])
    results.note("ask_baseline_p95_ms", base, "ms", note="the same server, without a look at a host")
    for whose in ("known", "unknown"):
        found = _p95(took[whose])
        results.limit(f"ask_{whose}_p95_ms", found, MOST_MILLISECONDS, "ms", note=f"{found / base:.2f} of the baseline")


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _is_refused(door: FrontDoor, trust: ssl.SSLContext, host: str) -> bool:
    """Whether the handshake fails, as it must for a name that has no certificate and gets none."""
    with socket.create_connection(("127.0.0.1", door.https), timeout=30) as plain:
        try:
            trust.wrap_socket(plain, server_hostname=host).close()
        except (ssl.SSLError, ConnectionError):
            return True
    return False


def measure_messages(results: Results, house: House) -> None:
    for practice in PRACTICES:
        slowest: Any = house.inside(practice.slug, SLOWEST.format(times=TIMES))
        code, spent, busy = slowest
        note = f"{code}, of {TIMES}, {busy:.1f} of processor time"
        results.limit(f"message_{practice.slug}_p95_ms", spent, MOST_MILLISECONDS, "ms", note=note)


if __name__ == "__main__":
    main()

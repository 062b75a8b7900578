"""`python -m deploy.bench.pages`: the main pages of each kind of user on a seeded practice, and mails: database, server time, growth."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

from deploy.bench.pages_growth import measure_growth
from deploy.bench.results import Results, questions_in
from deploy.bench.tenancy import WORK, servers

MOST_QUERIES = 15
# The seed keeps a recording, which is offered where a media server is named; nothing is asked of it.
RECORDING = {"MEDIA_CONTROL": "127.0.0.1:1", "MEDIA_SECRET": "x" * 40}
MOST_MESSAGE_MS = 5
# Role -> the pages that its people open most, by the names of their addresses.
_EVERYBODY = ("dashboard:home", "scheduling:calendar", "scheduling:list", "people:clients")
PAGES = {
    "owner": (*_EVERYBODY, "billing:home"),
    "practitioner": (*_EVERYBODY, "notifications:list"),
    "guardian": (*_EVERYBODY, "notifications:list"),
    "client": (*_EVERYBODY, "notifications:list"),
    "agent": (*_EVERYBODY, "notifications:list"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how often each page is asked (50)")
    options = parser.parse_args()
    os.environ.update(RECORDING)
    with servers(WORK.with_name("work-pages"), domain="localhost"):  # the seed is the demo's
        import django  # after the servers' addresses are in the environment

        django.setup()
        from tenants import hosts

        results = Results("pages")
        facts = seed()
        for role, names in PAGES.items():
            browser = signed_in(facts, role)
            for name in names:
                measure(results, browser, role, name, options.times)
        measure_messages(results, hosts.find_organization(facts["host"]), options.times)
        measure_growth(results, signed_in(facts, "owner"), hosts.find_organization(facts["host"]), options.times)
        print(results.write())


def seed() -> dict[str, Any]:
    """One believable practice, as in the demo."""
    from deploy.local.seed import __main__ as seeding
    from deploy.local.seed.practices import PRACTICES

    return seeding._fill(PRACTICES[0])


def signed_in(facts: dict[str, Any], role: str) -> Any:
    """A browser without a screen, signed in as the first person with the role."""
    from django.test import Client as Browser

    from core.people.models import User
    from tenants import hosts
    from tenants.context import organization_context

    email = next(user["email"] for user in facts["users"] if user["role"] == role)
    browser = Browser(headers={"host": facts["host"]})
    organization = hosts.find_organization(facts["host"])
    assert organization is not None
    with organization_context(organization):
        browser.force_login(
            User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return browser


def measure(results: Results, browser: Any, role: str, page: str, times: int) -> None:
    """Ask once warm for the queries, then for the time; a page that is not there is an error."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    path = reverse(page)
    if (status := browser.get(path, follow=True).status_code) != 200:
        raise SystemExit(f"{path} answers {status} to the {role}")
    with CaptureQueriesContext(connection) as asked:
        browser.get(path, follow=True)
    questions = questions_in(asked)  # read now, because the next request forgets them
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        browser.get(path, follow=True)
        spent.append((time.perf_counter() - started) * 1000)
    name = f"{role}_{page.replace(':', '_')}"
    results.note(f"{name}_queries", len(questions), "queries", note="" if len(questions) <= MOST_QUERIES else "over 15")
    results.note(f"{name}_p95_ms", statistics.quantiles(spent, n=20)[-1], "ms", note=f"of {times}")


def measure_messages(results: Results, organization: Any, times: int) -> None:
    from tenants.context import organization_context

    with organization_context(organization):
        name, worst, busy = slowest_message(times)
    over = "" if worst <= MOST_MESSAGE_MS else " over 5"
    results.note("message_p95_ms", worst, "ms", note=f"{name}, of {times}, {busy:.1f} of processor time{over}")


def slowest_message(times: int) -> tuple[str, float, float]:
    """The slowest mail of all, written from samples with the look into the words of the organization in force.

    Its code, the 95th percentile in ms, and that of its processor time, which other work on the machine changes least.
    """
    from core.notifications import layout, messages

    slowest = ("", 0.0, 0.0)
    for message in messages.registered():
        if message.channel == messages.Channel.EMAIL:
            spent, busy = [], []
            for _ in range(times):
                started, worked = time.perf_counter(), time.thread_time()
                layout.render(message, message.sample(), language="en")
                spent.append((time.perf_counter() - started) * 1000)
                busy.append((time.thread_time() - worked) * 1000)
            found = (message.code, *(statistics.quantiles(each, n=20)[-1] for each in (spent, busy)))
            slowest = max(slowest, found, key=lambda one: one[1])
    return slowest


if __name__ == "__main__":
    main()

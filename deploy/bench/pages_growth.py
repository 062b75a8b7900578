"""How pages grow from a small practice to a large one: the same pages, asked with 100 clients and again with 10,000 clients and 30,000 invoices."""

from __future__ import annotations

import os
import statistics
import time
from datetime import timedelta
from typing import Any

import psycopg

from deploy.bench.results import Results

SMALL, LARGE, INVOICES = 100, 10_000, 30_000
BATCH = 1_000
HOME = "/dashboard/"
MOST_GROWTH, MOST_KB, MOST_HOME_MS = 1.5, 200, 20
PAGES = (
    "/dashboard/", "/calendar/", "/appointments/", "/appointments/new/", "/people/clients/", "/people/clients/new/",
    "/people/clients/permissions/", "/people/staff/", "/people/agents/", "/people/choices/clients/", "/billing/invoices/",
    "/billing/invoices/new/", "/billing/rates/", "/billing/rates/new/", "/billing/charges/", "/billing/balances/", "/billing/payments/",
    "/settings/mail/", "/settings/audit/", "/people/clients/?q=surname0007", "/billing/invoices/?q=surname0007",
    "/appointments/?q=surname0007",
)  # fmt: skip


def measure_growth(results: Results, browser: Any, organization: Any, times: int) -> None:
    """`growth`: the worst ratio of the medians, page by page; `largest_kb`: the largest page; `home_ms`: the owner's start page, small."""
    from tenants.context import organization_context

    with organization_context(organization):
        fill(SMALL, invoices=3 * SMALL)
    before = {address: asked(browser, address, times) for address in PAGES}
    results.note("home_ms", before[HOME][0], "ms", note=_over(before[HOME][0], MOST_HOME_MS))
    with organization_context(organization):
        fill(LARGE, invoices=INVOICES)
    after = {address: asked(browser, address, times) for address in before}
    ratios = {address: after[address][0] / before[address][0] for address in before}
    for address, ratio in sorted(ratios.items(), key=lambda item: -item[1]):
        print(
            f"  {ratio:5.2f} × {before[address][0]:7.1f} -> {after[address][0]:7.1f} ms {after[address][1]:7.1f} kB  {address}"
        )
    worst = max(ratios, key=lambda address: ratios[address])
    results.note("growth", ratios[worst], "×", note=f"{worst}{_over(ratios[worst], MOST_GROWTH)}")
    largest = max(after, key=lambda address: after[address][1])
    results.note("largest_kb", after[largest][1], "kB", note=f"{largest}{_over(after[largest][1], MOST_KB)}")


def _over(value: float, most: float) -> str:
    return "" if value <= most else f" over {most}"


def asked(browser: Any, address: str, times: int) -> tuple[float, float]:
    """The median of the server's time in ms, and the size of the answer in kB; an answer that is none ends the run."""
    answer = browser.get(address, follow=True)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        browser.get(address, follow=True)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent), len(answer.content) / 1000


def fill(clients: int, *, invoices: int) -> None:
    """So many clients and issued invoices in all, a third of them paid; the clients are shared among the practitioners."""
    from billing.models import Invoice, LedgerEntry
    from billing.rules.balances import InvoiceState
    from core.kernel import clock
    from core.people.models import Assignment, Client
    from core.people.queries import practitioners

    have, people = Client.objects.count(), list(practitioners())
    made = [
        Client(
            first_name=f"Given{at % 97}", last_name=f"Surname{at:05}", time_zone="Europe/Berlin", phone=f"030 {at:07}"
        )
        for at in range(have, clients)
    ]
    Client.objects.bulk_create(made, batch_size=BATCH)
    assigned = [Assignment(client=client, practitioner=people[at % len(people)]) for at, client in enumerate(made)]
    Assignment.objects.bulk_create(assigned, batch_size=BATCH)
    keys, now, numbered = list(Client.objects.values_list("pk", flat=True)), clock.now(), Invoice.objects.count()
    issued = [
        Invoice(
            number=f"BENCH-{at:06}", client_id=keys[at % len(keys)], payer_name=f"Payer {at}", currency="EUR", total_amount=9000,
            paid_amount=0 if at % 3 else 9000, state=InvoiceState.OPEN if at % 3 else InvoiceState.PAID, due_on=now.date(),
            issued_on=now.date(), issued_at=now - timedelta(minutes=at),
        )
        for at in range(numbered, invoices)
    ]  # fmt: skip
    Invoice.objects.bulk_create(issued, batch_size=BATCH)
    owed = [
        LedgerEntry(at=invoice.issued_at, kind="invoiced", client_id=invoice.client_id, invoice=invoice, amount=9000, currency="EUR", by="")
        for invoice in issued
        if invoice.state == InvoiceState.OPEN
    ]  # fmt: skip
    LedgerEntry.objects.bulk_create(owed, batch_size=BATCH)
    # What the server does by itself a minute later; as their owner, because nobody else may.
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")

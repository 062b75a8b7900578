"""`python -m deploy.bench.billing`: the books beside the payment sandbox, which runs in this program.

`reconcile_s`: 10,000 payments with refunds and disputes compared, twenty differences planted, all of which are found and nothing else; its
baseline is one question for each payment, as a program without a comparison would ask, on the same sandbox. `webhooks_s`: 1,500 webhooks (100
payments, 3 events of each, 5 copies), shuffled, 50 at once, among foreign, tampered and stale ones; each payment is booked once.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import uvicorn

from deploy.bench.billing_books import Books, fill, plant
from deploy.bench.results import Results
from deploy.bench.tenancy import WORK, provision, servers
from deploy.local.payments.ledger import Ledger
from deploy.local.payments.sandbox import Sandbox

MOST_SECONDS, SAMPLE = 30, 200
SECRET = "whsec_bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=10_000, help="how many payments are compared (10,000)")
    parser.add_argument("--webhooks", type=int, default=100, help="of how many payments webhooks come (100)")
    options = parser.parse_args()
    ledger = Ledger(None)
    with sandbox(ledger) as url, servers(WORK.with_name("work-billing"), domain="localhost"):
        os.environ |= {
            "STRIPE_SECRET_KEY": "sk_test_bench",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_bench",
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": url,
        }
        import django  # after the servers' addresses are in the environment

        django.setup()
        from tenants.context import organization_context

        results = Results("billing")
        organization = provision(1)
        with organization_context(organization):
            books = fill(ledger, organization, options.payments)
            reconcile(results, books)
        from deploy.bench.billing_webhooks import measure_webhooks

        measure_webhooks(results, organization, books, options.webhooks, SECRET)
        print(results.write())


@contextmanager
def sandbox(ledger: Ledger) -> Iterator[str]:
    """The sandbox in a thread of this program, on a free port; its webhooks go nowhere."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(Sandbox(ledger, [], url).application(), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield url
    server.should_exit = True
    thread.join(10)


def reconcile(results: Results, books: Books) -> None:
    """Compare without a difference, then with twenty."""
    clean, _ = _compared(books)
    planted = plant(books, random.Random(7))
    seconds, found = _compared(books)
    per_payment = _one_by_one(books)
    results.limit("reconcile_s", seconds, MOST_SECONDS, "s", note=f"{len(books.payments):,} payments")
    results.note("reconcile_ratio", per_payment * len(books.payments) / seconds, "×", note="one by one / ours")
    results.limit("planted_found", len(planted & found), len(planted), "", least=True, note=f"of {len(planted)}")
    results.limit("found_besides", len(found - planted), 0, "")
    results.limit("clean_s", clean, MOST_SECONDS, "s", note="without a difference")


def _compared(books: Books) -> tuple[float, set[tuple[str, str, str]]]:
    from billing.reconciliation.actions.comparing import carry_out
    from billing.reconciliation.models import Reconciliation
    from core.kernel import clock

    asked = Reconciliation.objects.create(account_id=books.account, asked_at=clock.now(), asked_by="bench")
    started = time.monotonic()
    carry_out(reconciliation=asked, now=clock.now() + timedelta(seconds=1))
    seconds = time.monotonic() - started
    rows: Any = asked.differences.values_list("subject", "kind", "key")
    return seconds, set(rows)


def _one_by_one(books: Books) -> float:
    """Seconds for one payment, asked for by itself; the median of a sample."""
    from billing.gateways import gateway

    times = []
    for key in random.Random(3).sample(books.payments, min(SAMPLE, len(books.payments))):
        started = time.monotonic()
        gateway().retrieve_payment(books.account, key)
        times.append(time.monotonic() - started)
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()

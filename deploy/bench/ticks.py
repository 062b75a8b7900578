"""What a round of the outbox costs as organizations grow in number: those without work must cost nothing."""

from __future__ import annotations

import statistics
import time

from deploy.bench.results import Results
from deploy.bench.tenancy import provision

MOST_GROWTH = 1.2
ROUNDS = 15
FIRST = 1000  # the number of the first organization of this bench


def measure_ticks(results: Results, fleet: int) -> None:
    """A tenth of the organizations has one promise due in each round; first they are alone, then among the whole fleet."""
    from core.kernel import outbox
    from core.kernel.models import OutboxMessage

    def nothing(message: OutboxMessage) -> None:
        """Kept by being looked at."""

    outbox.handler("bench.tick", label="Nothing")(nothing)
    busy = [provision(FIRST + number) for number in range(fleet // 10)]
    _drain()
    alone = _round_ms(busy)
    for number in range(fleet // 10, fleet):
        provision(FIRST + number)
    _drain()
    among = _round_ms(busy)
    note = f"a round of {len(busy)} organizations with work: {alone:.1f} ms alone, {among:.1f} ms among {fleet}; at most {MOST_GROWTH}"
    results.note("tick_growth", among / alone, "x", baseline=MOST_GROWTH, note=note)


def _round_ms(busy: list) -> float:
    """The median of some rounds, each with one promise per organization with work."""
    from core.kernel import outbox
    from tenants import outbox_delivery
    from tenants.context import organization_context

    took = []
    for _ in range(ROUNDS):
        for organization in busy:
            with organization_context(organization):
                outbox.enqueue("bench.tick")
        started = time.monotonic()
        kept = outbox_delivery.deliver_all()
        took.append((time.monotonic() - started) * 1000)
        assert kept == len(busy), f"{kept} kept of {len(busy)}"
    return statistics.median(took)


def _drain() -> None:
    """What provisioning has promised is kept first."""
    from tenants import outbox_delivery

    while outbox_delivery.deliver_all():
        pass

"""Payment processors: one module each, behind one protocol."""

from functools import lru_cache
from typing import Protocol

from billing.gateways.base import PaymentGateway
from billing.gateways.disputes import DisputesGateway
from billing.gateways.movements import MovementsGateway


class Processor(PaymentGateway, DisputesGateway, MovementsGateway, Protocol):
    """All that is asked of a processor."""


@lru_cache(maxsize=1)
def gateway() -> Processor:
    """The processor in use."""
    from billing.gateways.stripe_movements import StripeProcessor  # noqa: PLC0415 because the library takes half a second

    return StripeProcessor()

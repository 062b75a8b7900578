"""Payment processors: one module each, behind one protocol."""

from functools import lru_cache

from billing.gateways.base import PaymentGateway


@lru_cache(maxsize=1)
def gateway() -> PaymentGateway:
    """The processor in use."""
    from billing.gateways.stripe import StripeGateway  # noqa: PLC0415 because the library takes half a second

    return StripeGateway()

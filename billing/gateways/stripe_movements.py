"""Every movement on an account at Stripe, read as it comes over the line: its library would take ten times as long to make objects of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from billing.gateways.movements import Movement
from billing.gateways.stripe import translated_errors
from billing.gateways.stripe_dispute_objects import dispute
from billing.gateways.stripe_disputes import StripeDisputes
from billing.rules.card_amounts import from_processor
from billing.rules.disputes import withdrawn
from core.kernel.money import Money

PAGE = 100
# Movements that are no business of the ledger: on to the bank, back from there, and what the processor keeps.
LEFT_OUT = (
    "payout",
    "stripe_fee",
    "tax_fee",
    "application_fee",
    "network_cost",
    "reserve",
    "advance",
    "connect_collection",
)


class StripeProcessor(StripeDisputes):
    """What Stripe does, disputes, and its books."""

    def movements(self, account: str, since: datetime | None) -> Iterator[Movement]:
        asked: dict[str, Any] = {"limit": PAGE, "expand[]": "data.source"}
        if since is not None:
            asked["created[gte]"] = int(since.timestamp())
        while True:
            page = self._page(account, asked)
            rows = page["data"]
            yield from (found for row in rows if (found := _movement(row)) is not None)
            if not page["has_more"]:
                return
            asked["starting_after"] = rows[-1]["id"]

    def _page(self, account: str, asked: Mapping[str, Any]) -> Any:
        with translated_errors():
            path = f"/v1/balance_transactions?{urlencode(asked)}"
            return self._client.raw_request("get", path, stripe_account=account).data


def _movement(row: Mapping[str, Any]) -> Movement | None:
    if str(row["type"]).startswith(LEFT_OUT):
        return None
    source = row.get("source")
    read = _READ.get(source.get("object", "")) if isinstance(source, Mapping) else None
    if read is None or not isinstance(source, Mapping):
        amount = from_processor(abs(int(row["amount"])), str(row["currency"]))
        return Movement("other", str(row["id"]), "", amount, str(row.get("description") or row["type"])[:200])
    return read(source)


def _charge(found: Mapping[str, Any]) -> Movement:
    paid = int(found.get("amount_captured") or 0) if found.get("status") == "succeeded" else 0
    key = _id(found.get("payment_intent")) or str(found["id"])
    return Movement("payment", key, key, _money(paid, found), str(found.get("description") or "")[:200])


def _refund(found: Mapping[str, Any]) -> Movement:
    given = int(found["amount"]) if found.get("status") == "succeeded" else 0
    return Movement("refund", str(found["id"]), _id(found.get("payment_intent")), _money(given, found))


def _dispute(found: Mapping[str, Any]) -> Movement:
    facts = dispute(found)
    return Movement("dispute", facts.external_id, facts.payment, withdrawn(facts.movements, facts.amount), facts.reason)


_READ = {"charge": _charge, "refund": _refund, "dispute": _dispute}


def _money(units: int, found: Mapping[str, Any]) -> Money:
    return from_processor(units, str(found["currency"]))


def _id(found: Any) -> str:
    return found if isinstance(found, str) else str((found or {}).get("id") or "")

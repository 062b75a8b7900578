"""Reasons that the product gives: stored as a code with its values, read as a sentence in each reader's language.

Each app names its reasons in an enum (`class BillingReason(ReasonCode)`: stored code, msgid) and registers it at start-up. A person's own
words are no such reason: they stay text, in the language in which they were written, and may be a value of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from core.kernel import own_texts
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.translation import translate


class ReasonCode(StrEnum):
    """The base of each app's reasons. A member is the stored code `<noun>.<why>` and a msgid with named values."""

    msgid: str

    def __new__(cls, code: str, msgid: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.msgid = msgid
        return member


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what fills its sentence: text (in one language, or in several), numbers, money, or another reason that becomes a part of this
    one's sentence. Numbers and amounts are kept as such, because each reader writes them otherwise.
    """

    code: ReasonCode
    values: Mapping[str, Value] = field(default_factory=dict)

    def sentence(self) -> str:
        """The reason in the language in force."""
        values = {name: value.sentence() if isinstance(value, Reason) else value for name, value in self.values.items()}
        # Because `%(service)s` is the organization's noun: the name of one is `%(service_name)s`, also of a reason that was stored as "service".
        values |= {f"{name}_name": value for name, value in values.items()}
        return translate(self.code.msgid, **values)

    def stored_values(self) -> dict[str, Any]:
        """The values as JSON holds them; `stored_reason` reads them back."""
        return {name: _stored(value) for name, value in self.values.items()}


Value = str | int | Decimal | Money | OwnText | Reason
_codes: dict[str, ReasonCode] = {}


def register(codes: type[ReasonCode]) -> None:
    """Let stored reasons of an app be read. At start-up; two apps with one code are an error."""
    for code in codes:
        if _codes.setdefault(code.value, code) is not code:
            raise RuntimeError(f"two apps have the reason {code.value}")


def registered() -> list[ReasonCode]:
    """Every reason of every app."""
    return list(_codes.values())


def stored_reason(code: str, values: Mapping[str, Any]) -> Reason | None:
    """The reason behind stored code and values; None when there is none, or no app has the code any more."""
    known = _codes.get(code)
    return Reason(known, {name: _read(value) for name, value in values.items()}) if known else None


def _stored(value: Value) -> Any:
    if isinstance(value, OwnText):
        return own_texts.stored(value)
    if isinstance(value, Reason):
        return {"reason": value.code.value, "values": value.stored_values()}
    if isinstance(value, Money):
        return {"money": value.amount, "currency": value.currency}
    if isinstance(value, Decimal):
        return {"number": f"{value:f}"}
    return value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return own_texts.read(value)
    if "number" in value:
        return Decimal(value["number"])
    if "money" in value:
        return Money(value["money"], value["currency"])
    return stored_reason(value["reason"], value["values"]) or value["reason"]

"""A payout as a file for the bank: SEPA credit transfers (pain.001), checked against their schema before anybody gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree.ElementTree import ParseError

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

from billing.wages.models import BankAccount, Payout, PayoutRun
from billing.wages.rules.iban import bank_text, is_in_sepa
from core.kernel.encryption import InvalidToken
from core.kernel.errors import DomainError
from core.kernel.translation import translate

SCHEMA = "pain.001.001.09"
CURRENCY = "EUR"


@dataclass(frozen=True)
class Readiness:
    """What stands in the way of a file; nothing of it when all of these are empty."""

    is_euro: bool
    own: BankAccount | None
    without: Sequence[Payout]  # of people whose account is not known
    outside: Sequence[Payout]  # of people whose account no SEPA transfer reaches

    @property
    def is_ready(self) -> bool:
        return self.is_euro and self.own is not None and not self.without and not self.outside


class _Transfer(SepaTransfer):  # type: ignore[misc]  # because the library has no types
    """The same payout has the same number each time, so that a bank which gets it twice can tell."""

    def __init__(self, number: str, *args: Any, **options: Any) -> None:
        self._number = number
        super().__init__(*args, **options)

    def _create_header(self) -> None:
        self.msg_id = self._number
        super()._create_header()


def readiness(run: PayoutRun, payouts: Sequence[Payout], own: BankAccount | None) -> Readiness:
    """Whether there can be a file. `payouts` with their people's accounts."""
    known = {each.pk: getattr(each.practitioner, "bank_account", None) for each in payouts}
    without = [each for each in payouts if known[each.pk] is None]
    outside = [each for each in payouts if (account := known[each.pk]) is not None and not is_in_sepa(account.shown)]
    return Readiness(run.currency == CURRENCY, own, without, outside)


def bank_file(run: PayoutRun, payouts: Sequence[Payout], own: BankAccount, *, on: date, purpose: str) -> bytes:
    """The file by which the bank pays everybody in it, on that day at the earliest. Errors: `account_unreadable`, `file_invalid`."""
    try:
        config = {"name": bank_text(own.holder, 70), "IBAN": own.iban, "batch": True, "currency": CURRENCY}
        sepa = _Transfer(f"P{run.pk.hex}", config, schema=SCHEMA)
        for payout in payouts:
            sepa.add_payment(_payment(payout, on, purpose))
        return bytes(sepa.export(validate=True))
    except InvalidToken as error:
        sentence = translate("A bank account cannot be read any more. Enter it again.")
        raise DomainError("account_unreadable", sentence) from error
    except (ValidationError, ParseError) as error:
        raise DomainError(
            "file_invalid", translate("The bank would not take this file. Take the spreadsheet instead.")
        ) from error


def _payment(payout: Payout, on: date, purpose: str) -> dict[str, Any]:
    account: BankAccount = payout.practitioner.bank_account
    return {
        "name": bank_text(account.holder, 70),
        "IBAN": account.iban,
        "amount": payout.amount,
        "execution_date": on,
        "description": bank_text(purpose, 140) or "-",
        "endtoend_id": payout.pk.hex,
    }

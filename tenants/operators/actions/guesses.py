"""How often somebody may guess at the console's sign-in.

A known device has wrong guesses of its own; any other shares those of its network address, and those of the operator from all unknown devices.
Each guess is written before it is looked at, so that many at once are counted too; a right one is taken back. An address that is no operator's
is counted, noted and answered alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from django.db.models import QuerySet

from core.kernel import unseen
from core.kernel.limits import TooOften
from tenants import events
from tenants.audit_codes import PlatformAudit
from tenants.operators.models import Operator, SignInFailure

WINDOW = timedelta(minutes=15)
MOST_ON_DEVICE = 10
MOST_FROM_HERE = 5  # for one operator, from one address
MOST_FROM_ADDRESS = 20
MOST_OF_OPERATOR = 60  # from all unknown devices together
NOBODY = "unknown address"


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who tries: the e-mail address as typed, the operator behind it if there is one, from where, and the device if it is known."""

    email: str
    operator: Operator | None
    address: str | None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One try, noted as wrong until it turns out to be right."""

    guesser: Guesser
    row: SignInFailure

    def was_right(self) -> None:
        self.row.delete()

    def was_wrong(self) -> None:
        by = self.guesser.operator.email if self.guesser.operator else NOBODY
        note = self.guesser.address or ""
        events.record(PlatformAudit.OPERATOR_SIGN_IN_REFUSED, organization=None, by=by, now=self.row.at, note=note)


def begin(guesser: Guesser, *, now: datetime) -> Guess:
    """Note a try, or raise `TooOften`: then it is not noted, and nothing is to be looked at."""
    account = sha256(unseen.address(guesser.email).lower().encode()).hexdigest()
    row = SignInFailure.objects.create(
        account=account, operator=guesser.operator, address=guesser.address, device=guesser.device, at=now
    )
    wait = max((_wait(rows, most, now) for rows, most in _counted(guesser, account, now)), default=timedelta())
    if wait > timedelta():
        row.delete()
        minutes = ceil(wait / timedelta(minutes=1))
        when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        raise TooOften(ceil(wait.total_seconds()), f"Too many wrong attempts. Try again {when}.")
    return Guess(guesser, row)


def _counted(guesser: Guesser, account: str, now: datetime) -> list[tuple[QuerySet[SignInFailure], int]]:
    recent = SignInFailure.objects.filter(at__gt=now - WINDOW)
    mine = recent.filter(account=account)
    if guesser.device:
        return [(mine.filter(device=guesser.device), MOST_ON_DEVICE)]
    unknown = recent.filter(device="")
    here = unknown.filter(address=guesser.address)
    return [
        (here.filter(account=account), MOST_FROM_HERE),
        (here, MOST_FROM_ADDRESS),
        (unknown.filter(account=account), MOST_OF_OPERATOR),
    ]


def _wait(rows: QuerySet[SignInFailure], most: int, now: datetime) -> timedelta:
    """How long until one more than now is allowed; the try itself is among the rows."""
    latest = list(rows.order_by("-at", "-pk").values_list("at", flat=True)[: most + 1])
    return latest[most] + WINDOW - now if len(latest) > most else timedelta()

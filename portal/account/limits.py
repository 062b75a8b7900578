"""How often somebody may guess, and ask for mail: by the login and the device, so that strangers never shut out a device that is known.

| from                 | counted                                                                              |
|----------------------|--------------------------------------------------------------------------------------|
| a known device       | wrong guesses of that login on that device                                           |
| any other            | wrong guesses of that login from one network address, of that login from all of them |
|                      | together, and of all logins from that address                                        |

What was right is given back: a whole practice behind one router signs in at nine. An address that nobody has counts like any other.
"""

from datetime import timedelta

from django.http import HttpRequest

from core.kernel import clock, limits, unseen
from core.kernel.limits import Limit
from core.people.models import User
from portal import known_devices
from portal.middleware import network_of
from tenants import context

_MINUTE = timedelta(minutes=1)
ON_DEVICE = Limit("guess.device", 10, 5 * _MINUTE)
ON_DEVICE_A_DAY = Limit("guess.device.day", 60, timedelta(days=1))
FROM_HERE = Limit("guess.here", 5, 5 * _MINUTE)
OF_LOGIN = Limit("guess.login", 30, 15 * _MINUTE)
OF_LOGIN_A_DAY = Limit("guess.login.day", 200, timedelta(days=1))
FROM_ADDRESS = Limit("guess.address", 100, 15 * _MINUTE)  # thirty people who mistype three times each

MAIL = Limit("mail", 3, _MINUTE)
MAIL_A_DAY = Limit("mail.day", 20, timedelta(days=1))
MAIL_FROM_ADDRESS = Limit("mail.address", 60, 15 * _MINUTE)

LINKS_FROM_ADDRESS = Limit("link.address", 300, 15 * _MINUTE)
CONFIRMING = Limit("confirm", 10, 5 * _MINUTE)  # by somebody who is signed in already

Attempts = list[tuple[Limit, str]]


class Guess:
    """One attempt that was counted as wrong, until it turns out to be right."""

    def __init__(self, counted: list[str]) -> None:
        self._counted = counted

    def right(self) -> None:
        limits.give_back(self._counted, now=clock.now())


def guess(request: HttpRequest, *, what: str, login: str, user: User | None) -> Guess:
    """Count a guess of a password or a code (`what`) at the login with the address `login`. Raises `TooOften`, before anything is compared."""
    return Guess(limits.count(_guesses(request, f"{what}:{unseen.address(login).lower()}", user), now=clock.now()))


def count_mail(request: HttpRequest, *, login: str, user: User | None) -> None:
    """Count a mail that somebody asks for at the door. Raises `TooOften`."""
    key = unseen.address(login).lower()
    device = known_devices.device_of(request, as_known(user))
    attempts: Attempts = [] if device else [(MAIL_FROM_ADDRESS, network_of(request))]
    key = f"{key}:{device}" if device else key
    limits.count([*attempts, (MAIL, key), (MAIL_A_DAY, key)], now=clock.now())


def as_known(user: User | None) -> str:
    """The login as its devices know it: at this organization, until all other sessions are ended."""
    return f"{context.current().schema}:{user.pk}:{user.session_generation}" if user else ""


def count_link(request: HttpRequest) -> None:
    """Count a visit with a one-time link. Raises `TooOften`."""
    limits.count([(LINKS_FROM_ADDRESS, network_of(request))], now=clock.now())


def count_confirming(user: User, *, what: str) -> None:
    """Count that somebody who is signed in shows once more who they are. Raises `TooOften`."""
    limits.count([(CONFIRMING, f"{what}:{user.pk}")], now=clock.now())


def _guesses(request: HttpRequest, key: str, user: User | None) -> Attempts:
    device = known_devices.device_of(request, as_known(user)) or _session_of(request, user)
    if device:
        return [(ON_DEVICE, f"{key}:{device}"), (ON_DEVICE_A_DAY, f"{key}:{device}")]
    network = network_of(request)
    # The address first: what it may not do any more fills no other row.
    return [(FROM_ADDRESS, network), (FROM_HERE, f"{key}:{network}"), (OF_LOGIN, key), (OF_LOGIN_A_DAY, key)]


def _session_of(request: HttpRequest, user: User | None) -> str:
    """Whoever is signed in on a device is no stranger there, whatever has become of its cookie."""
    signed_in = getattr(request, "user", None)
    is_same = user is not None and signed_in is not None and signed_in.pk == user.pk
    return f"session:{user.pk}" if is_same and user is not None else ""

"""Entries and offers as one viewer sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import get_day_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branding.queries import locale_of
from core.kernel import clock
from core.scheduling.rules.availability import DAY
from core.scheduling.time_formats import clock_label
from core.waiting_list.models import WaitingEntry, WaitingOffer

TONES = {"waiting": "info", "served": "success", "removed": "neutral", "ended": "neutral"}
OFFER_TONES = {"open": "warning", "accepted": "success", "declined": "neutral", "expired": "neutral", "lost": "neutral"}


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer, with its badge."""

    offer: WaitingOffer

    @property
    def is_open(self) -> bool:
        return self.offer.is_open(clock.now())

    @property
    def status(self) -> tuple[str, str]:
        """Words and tone; one whose minutes are over has run out, whoever has noted it."""
        state = WaitingOffer.State(self.offer.state)
        if state == WaitingOffer.State.OPEN and not self.is_open:
            state = WaitingOffer.State.EXPIRED
        return str(state.label), OFFER_TONES[state]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One who waits."""

    entry: WaitingEntry
    is_staff: bool

    @property
    def title(self) -> str:
        return self.entry.client.name if self.is_staff else self.entry.what

    @property
    def detail(self) -> str:
        first = self.entry.what if self.is_staff else self.entry.client.name
        names = ", ".join(str(person) for person in self.entry.practitioners.all())
        with_whom = _("with %(name)s") % {"name": names} if names else _("with anybody")
        return f"{first} · {with_whom}"

    @property
    def when(self) -> str:
        """“Mon, Thu, 08:00–12:00”, on the client's wall."""
        return f"{self._days()}, {self._hours()}"

    @property
    def status(self) -> tuple[str, str]:
        """The badge: words and tone; who waits no longer has ended, whoever has noted it."""
        if self.entry.is_waiting and any(row.is_open for row in self.offers):
            return _("A time is offered"), "warning"
        state = WaitingEntry.State(self.entry.state)
        if state == WaitingEntry.State.WAITING and self.entry.has_run_out(clock.now()):
            state = WaitingEntry.State.ENDED
        return str(state.label), TONES[state]

    @property
    def offers(self) -> list[OfferRow]:
        return [OfferRow(offer) for offer in self.entry.offers.all()]

    def _days(self) -> str:
        if not self.entry.weekdays:
            return _("Every day")
        names = get_day_names("abbreviated", locale=locale_of(get_language() or "en"))
        return ", ".join(names[day] for day in self.entry.weekdays)

    def _hours(self) -> str:
        if (self.entry.begins, self.entry.ends) == (0, DAY):
            return _("at any hour")
        return f"{_clock(self.entry.begins)}–{_clock(self.entry.ends)}"


def _clock(minutes: int) -> str:
    moment = datetime(2030, 1, 1) + timedelta(minutes=minutes % DAY)  # noqa: DTZ001 because it is a time on any wall
    return "24:00" if minutes == DAY else clock_label(moment.time())

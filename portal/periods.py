"""From one day to another, as a list is asked for it by its address: `?from=2026-11-01&to=2026-11-30`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it; None is open. What is not a day is taken for none, because addresses are typed by hand too."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def instants(self, field: str) -> dict[str, datetime]:
        """The same for a field that holds instants: whole days where the reader is."""
        bounds = {}
        if self.first is not None:
            bounds[f"{field}__gte"] = _begin(self.first)
        if self.last is not None and self.last < date.max:
            bounds[f"{field}__lt"] = _begin(self.last + timedelta(days=1))
        return bounds

    def days(self, field: str) -> dict[str, date]:
        """The same for a field that holds days."""
        bounds = {}
        if self.first is not None:
            bounds[f"{field}__gte"] = self.first
        if self.last is not None:
            bounds[f"{field}__lte"] = self.last
        return bounds


def period_of(request: HttpRequest) -> Period:
    """The period in the address."""
    return Period(_day(request.GET.get("from", "")), _day(request.GET.get("to", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    """Midnight there; year 1 and year 9999 have no neighbours to convert to, and are nobody's."""
    kept = min(max(day, date(1900, 1, 1)), date(2999, 12, 31))
    return timezone.make_aware(datetime.combine(kept, time.min))

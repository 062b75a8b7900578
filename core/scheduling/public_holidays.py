"""Public holidays by country and region, as the library of that name knows them."""

from datetime import date

import holidays

from core.scheduling.models import SchedulingSettings


def countries() -> dict[str, list[str]]:
    """The countries whose holidays are known, by ISO 3166 code, each with its regions."""
    return dict(holidays.list_supported_countries(include_aliases=False))


def between(settings: SchedulingSettings, first: date, last: date, *, with_worked: bool = False) -> dict[date, str]:
    """The holidays that the organization keeps between two days, by their local names; none where it keeps none.

    `with_worked`: also those that it works on all the same.
    """
    country, region = settings.holiday_country, settings.holiday_region
    known = countries()
    if country not in known:
        return {}
    calendar = holidays.country_holidays(
        country, subdiv=region if region in known[country] else None, years=range(first.year, last.year + 1)
    )
    kept = {day: name for day, name in calendar.items() if first <= day <= last}
    return {day: name for day, name in sorted(kept.items()) if with_worked or day not in settings.worked_holidays}

"""How a series repeats, in words: "Every 2 weeks on Tuesday and Thursday, 16:00"."""

from datetime import date, datetime, time

from babel.core import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from branding.queries import locale_of
from core.kernel.translation import gettext_noop, translate
from core.scheduling.rules.series import LAST, Pattern

_NTH = {
    1: gettext_noop("on the first %(weekday)s"),
    2: gettext_noop("on the second %(weekday)s"),
    3: gettext_noop("on the third %(weekday)s"),
    4: gettext_noop("on the fourth %(weekday)s"),
    LAST: gettext_noop("on the last %(weekday)s"),
}


def in_words(pattern: Pattern, at: time, *, language: str) -> str:
    """The rhythm and the hour, in the language in force."""
    locale = locale_of(language)
    clock = format_time(datetime.combine(date(2030, 1, 1), at), "short", locale=locale)
    return f"{_rhythm(pattern)} {_when(pattern, locale)}, {clock}"


def with_end(words: str, until: date | None, *, language: str) -> str:
    """The same, and until when."""
    if until is None:
        return translate("%(rhythm)s, without an end", rhythm=words)
    day = format_date(until, "medium", locale=locale_of(language))
    return translate("%(rhythm)s, until %(day)s", rhythm=words, day=day)


def _rhythm(pattern: Pattern) -> str:
    is_weekly = pattern.frequency == "weekly"
    if pattern.every == 1:
        return translate("Every week") if is_weekly else translate("Every month")
    several = translate("Every %(number)s weeks", number=pattern.every)
    return several if is_weekly else translate("Every %(number)s months", number=pattern.every)


def _when(pattern: Pattern, locale: Locale) -> str:
    names = get_day_names("wide", locale=locale)
    if pattern.frequency == "weekly":
        if len(pattern.weekdays) == len(names):
            return translate("on every day")
        return translate("on %(days)s", days=format_list([names[day] for day in pattern.weekdays], locale=locale))
    if pattern.nth:
        return translate(_NTH[pattern.nth], weekday=names[pattern.weekdays[0]])
    return translate("on day %(day)s of the month", day=pattern.day)

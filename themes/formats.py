"""Times with their zone, and money, written for the reader.

A time without its zone is a wrong time for somebody: whoever reads it sees which zone is meant.
"""

from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branding.queries import locale_of
from core.kernel import time_zones
from core.kernel.money import Money

DAYS = {"short": "yMMMd", "plain": "MMMMd"}
STYLES = ("datetime", "date", "time", "relative", "full")


def local_time(
    context: Context, value: datetime | None, zone: str | tzinfo = "", style: str = "datetime", show_zone: bool = True
) -> SafeString | str:
    """An instant in a zone: the one given, else the reader's, else the organization's; with the zone's short name.

    A time that the clock there shows twice carries its offset, also where the zone is not written.

    `style`: datetime, date, time, full (with the weekday) or relative ("in 2 hours", where scripts run).
    """
    if value is None:
        return ""
    if style not in STYLES:
        raise ValueError(f"style={style!r} is not one of {', '.join(STYLES)}.")
    local = value.astimezone(_zone(context, zone))
    text, name = _written(local, style), time_zones.own_name(local)
    if style != "date" and time_zones.happens_twice(value, local.tzinfo or UTC):
        name, show_zone = time_zones.offset_name(local), True
    stamp = local.isoformat(timespec="seconds")
    if style == "relative":
        return format_html('<local-time datetime="{}"><time datetime="{}">{}</time></local-time>', stamp, stamp, text)
    if style == "date" or not show_zone:
        return format_html('<time datetime="{}">{}</time>', stamp, text)
    return format_html(
        '<time datetime="{}">{} <abbr class="zone" title="{}">{}</abbr></time>', stamp, text, local.tzinfo, name
    )


def time_range(
    context: Context, start: datetime, end: datetime, zone: str | tzinfo = "", style: str = "datetime"
) -> SafeString:
    """From start to end in one zone: "Mon 3 Nov, 09:00 – 09:45 CET"; style time leaves the day out.

    Where the clocks change within it, or show one of its times twice, both carry their offsets.
    """
    where = _zone(context, zone)
    first, last = start.astimezone(where), end.astimezone(where)
    day = f"{_day(first)}, " if style != "time" else ""
    since, until, name = _clock(first), _clock(last), time_zones.own_name(last)
    if time_zones.needs_offset(start, end, where):
        since, name = f"{since} {time_zones.offset_name(first)}", time_zones.offset_name(last)
    if first.date() != last.date():
        until = f"{_day(last)}, {until}"
    return format_html(
        '<time datetime="{}">{}{} – {}</time> <abbr class="zone" title="{}">{}</abbr>',
        first.isoformat(timespec="seconds"), day, since, until, where, name,
    )  # fmt: skip


def day(value: date | None, style: str = "long") -> str:
    """A day as it is written in the organization's country: long (3 November 2026), short (3 Nov 2026), plain (3 November) or week
    (Tuesday, 3 November). An instant is first taken to the reader's zone.
    """
    if not value:
        return ""
    locale = _locale()
    if style == "long":
        return format_date(value, "long", locale=locale)
    value = value.date() if isinstance(value, datetime) else value
    if style == "week":  # put together, because the locales' own pattern for it cuts the weekday short
        return weekday_and_day(_date_by_pattern("EEEE", value, locale), _date_by_skeleton("MMMMd", value, locale))
    return _date_by_skeleton(DAYS[style], value, locale)


def weekday_and_day(weekday: str, day: str) -> str:
    """Both as the reader's language puts them together: Tuesday, 3 November; mardi 3 novembre."""
    return _("%(weekday)s, %(day)s") % {"weekday": weekday, "day": day}


def moment(value: datetime) -> str:
    """An instant in a sentence without markup, for mail: 3 November 2026, 14:05 (Europe/Berlin); with its offset where it happens twice."""
    zone, clock = str(value.tzinfo).replace("_", " "), _clock(value)
    if value.tzinfo is not None and time_zones.happens_twice(value, value.tzinfo):
        clock = f"{clock} {time_zones.offset_name(value)}"
    return f"{format_date(value.date(), 'long', locale=_locale())}, {clock} ({zone})"


def money(context: Context, amount: Money | None) -> SafeString | str:
    """An amount as the reader writes it; nothing for None, so that a hidden cost leaves no trace."""
    if amount is None:
        return ""
    text = amount.format(get_language() or "en")
    return format_html('<data class="money" value="{}">{}</data>', amount.decimal, text)


def _zone(context: Context, zone: str | tzinfo) -> tzinfo:
    if isinstance(zone, tzinfo):
        return zone
    chosen = zone or context.get("user_zone") or getattr(context.get("request"), "zone", None)
    if isinstance(chosen, tzinfo):
        return chosen
    return ZoneInfo(str(chosen)) if chosen else timezone.get_current_timezone()


def _written(local: datetime, style: str) -> str:
    if style == "time":
        return _clock(local)
    if style == "full":
        return f"{format_date(local.date(), 'full', locale=_locale())}, {_clock(local)}"
    return _day(local) if style == "date" else f"{_day(local)}, {_clock(local)}"


def _day(local: datetime) -> str:
    """Weekday, day and month; the year only when it is another one."""
    pattern = "yMMMEd" if local.year != timezone.now().year else "MMMEd"
    return _date_by_skeleton(pattern, local.date(), _locale())


def _clock(local: datetime) -> str:
    return _short_time(local.time().replace(second=0, microsecond=0), _locale())


# Kept, because lists say the same days and hours again and again, and the pattern takes long to find.
@lru_cache(maxsize=4096)
def _date_by_skeleton(skeleton: str, value: date, locale: Locale) -> str:
    return format_skeleton(skeleton, value, locale=locale)


@lru_cache(maxsize=4096)
def _date_by_pattern(pattern: str, value: date, locale: Locale) -> str:
    return format_date(value, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _short_time(value: time, locale: Locale) -> str:
    return format_time(value, "short", locale=locale)


def _locale() -> Locale:
    try:
        return locale_of(get_language() or "en")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")

"""Times with their zone, and money, written for the reader.

A time without its zone is a wrong time for somebody: whoever reads it sees which zone is meant.
"""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel.money import Money

DAYS = {"short": "yMMMd", "plain": "MMMMd"}
STYLES = ("datetime", "date", "time", "relative", "full")


def local_time(
    context: Context, value: datetime | None, zone: str | tzinfo = "", style: str = "datetime", show_zone: bool = True
) -> SafeString | str:
    """An instant in a zone: the one given, else the reader's, else the organization's; with the zone's short name.

    `style`: datetime, date, time, full (with the weekday) or relative ("in 2 hours", where scripts run).
    """
    if value is None:
        return ""
    if style not in STYLES:
        raise ValueError(f"style={style!r} is not one of {', '.join(STYLES)}.")
    local = value.astimezone(_zone(context, zone))
    text, name = _written(local, style), zone_name(local)
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
    """From start to end in one zone: "Mon 3 Nov, 09:00 – 09:45 CET"; style time leaves the day out."""
    where = _zone(context, zone)
    first, last = start.astimezone(where), end.astimezone(where)
    day = f"{_day(first)}, " if style != "time" else ""
    until = _clock(last) if first.date() == last.date() else f"{_day(last)}, {_clock(last)}"
    return format_html(
        '<time datetime="{}">{}{} – {}</time> <abbr class="zone" title="{}">{}</abbr>',
        first.isoformat(timespec="seconds"), day, _clock(first), until, where, zone_name(last),
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
    if style == "week":  # put together, because the locales' own pattern for it cuts the weekday short
        return f"{format_date(value, 'EEEE', locale=locale)}, {format_skeleton('MMMMd', value, locale=locale)}"
    return format_skeleton(DAYS[style], value, locale=locale)


def moment(value: datetime) -> str:
    """An instant in a sentence without markup, for mail: 3 November 2026, 14:05 (Europe/Berlin)."""
    zone = str(value.tzinfo).replace("_", " ")
    return f"{format_date(value.date(), 'long', locale=_locale())}, {_clock(value)} ({zone})"


def zone_name(moment: datetime) -> str:
    """CET, EDT … or, where a zone has no letters, UTC+03:30."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


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
    return format_skeleton(pattern, local.date(), locale=_locale())


def _clock(local: datetime) -> str:
    return format_time(local.time(), "short", locale=_locale())


def _locale() -> Locale:
    try:
        return locale_of(get_language() or "en")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")

"""What mails and notices about a series say: its rhythm in words, its next dates in the reader's zone, and what has changed."""

from collections.abc import Sequence
from typing import Any

from branding.queries import current_brand
from core.kernel.translation import translate
from core.notifications.messages import Box, Content
from core.scheduling import series_messages
from core.scheduling.changes import FOR_CLIENTS, LABELS, described, names_in
from core.scheduling.mail_contents import fact_values, reason_of, time_values, where_of
from core.scheduling.messages import CHANGES_NOTE
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.series_words import in_words, with_end
from core.scheduling.time_formats import format_time_span
from tenants.absolute_urls import absolute_url, path_of

MOST_LISTED = 12


def series_content(
    series: AppointmentSeries,
    shown: Sequence[Appointment],
    recipient: AppointmentRecipient,
    facts: dict[str, Any],
) -> Content:
    """What a mail about a series says, in the language in force. `shown`: the dates it is about, in order; the first gives the facts."""
    language, kind = recipient.user.reads, facts["kind"]
    first = shown[0]
    time = recipient.format_time(first)
    names = ", ".join(client.name for client in recipient.clients) if current_brand().names_in_mail else ""
    rhythm = in_words(series.pattern, series.wall_time, language=language)
    return Content(
        values={
            **time_values(time),
            **fact_values(first, names),
            "rhythm": rhythm,
            "number": str(len(shown)),
        },
        boxes=[
            Box(with_end(rhythm, series.until_on, language=language), _facts(series, first, recipient, names)),
            _dates(shown, recipient, is_off=kind == "ended"),
            *_changed(recipient, facts),
        ],
        button_url=absolute_url(page_of(series)),
        notes=(translate(series_messages.CALENDAR_NOTES[kind]),),
        reason=reason_of(recipient, names),
        preview=f"{rhythm}: {time.day}",
    )


def series_text_content(
    series: AppointmentSeries, shown: Sequence[Appointment], recipient: AppointmentRecipient
) -> Content:
    """What a text message about a series says."""
    values = {
        **time_values(recipient.format_time(shown[0])),
        "rhythm": in_words(series.pattern, series.wall_time, language=recipient.user.reads),
        "number": str(len(shown)),
        "several": translate("yes") if len(shown) > 1 else "",
        "link": absolute_url(page_of(series)),
    }
    return Content(values=values)


def notice_values(
    series: AppointmentSeries, shown: Sequence[Appointment], clients: Sequence[Any], *, zone: str, language: str
) -> dict[str, str]:
    """What a notice about a series can speak of."""
    first = shown[0]
    return {
        **time_values(format_time_span(first.starts_at, first.ends_at, zone=zone, language=language)),
        "service": series.what,
        "clients": ", ".join(client.name for client in clients) or series.what,  # nobody has joined yet
        "practitioner": str(series.practitioner),
        "rhythm": in_words(series.pattern, series.wall_time, language=language),
        "number": str(len(shown)),
    }


def page_of(series: AppointmentSeries) -> str:
    return path_of("scheduling:series", series.pk)


def _facts(series: AppointmentSeries, first: Appointment, recipient: AppointmentRecipient, names: str) -> list[str]:
    lines = [series.time_zone.replace("_", " ")]
    lines += [first.what] if current_brand().names_in_mail else []
    lines += [translate("For %(names)s", names=names)] if names else []
    lines += [translate("With %(name)s", name=first.practitioner)] if recipient.clients else []
    return [*lines, where_of(first)]


def _dates(shown: Sequence[Appointment], recipient: AppointmentRecipient, *, is_off: bool) -> Box:
    times = [recipient.format_time(each) for each in shown[:MOST_LISTED]]
    lines = [f"{time.short_day}, {time.hours}" for time in times]
    lines += [translate("and %(number)s more", number=len(shown) - MOST_LISTED)] if len(shown) > MOST_LISTED else []
    title = series_messages.OFF_TITLE if is_off else series_messages.DATES_TITLE
    return Box(translate(title), [*lines, times[0].zone])


def _changed(recipient: AppointmentRecipient, facts: dict[str, Any]) -> list[Box]:
    changes = facts.get("changes") or {}
    only = FOR_CLIENTS if recipient.clients else frozenset(LABELS)
    if not current_brand().names_in_mail:
        only -= {"service", "clients"}
    lines = [str(change) for change in described(changes, names_in([changes]), only=only)]
    return [Box(translate(CHANGES_NOTE), lines)] if lines else []

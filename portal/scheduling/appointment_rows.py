"""Appointments as one viewer sees them: times in the viewer's zone, names only of people they may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.translation import labelled
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import answers_of
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import FormattedTime, format_time_span
from portal.scheduling.versions import version_of_drag
from themes.elements import tone_of

PLAIN = "#64748b"  # the colour of those to whom nobody gave one
TONES = {"booked": "info", "completed": "success", "cancelled": "neutral"}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The appointment's time on the clock of people in another zone."""

    whose: str
    when: FormattedTime
    is_other_day: bool

    def __str__(self) -> str:
        day = f"{self.when.short_day}, " if self.is_other_day else ""
        return f"{day}{self.when.hours} ({self.when.place})"


class AppointmentRow:
    """One appointment in a list, an agenda or a pop-up."""

    def __init__(self, appointment: Appointment, view: Viewpoint, zone: ZoneInfo) -> None:
        self.appointment, self.view, self.zone = appointment, view, zone
        self.participants = view.readable_participants(appointment)
        self.runs = view.runs(appointment)

    @property
    def names(self) -> list[str]:
        return [participant.client.name for participant in self.participants if participant.is_attending or self.is_off]

    @property
    def title(self) -> str:
        """Whom a practitioner meets; what a client has."""
        if not self.runs:
            return self.appointment.what
        return (
            ", ".join(self.names)
            if len(self.names) <= 2
            else _("%(Group)s of %(number)s") % {"number": len(self.names)}
        )

    @property
    def detail(self) -> str:
        """The other half of the title."""
        if self.runs:
            is_one_of_many = len(self.view.schedules) > 1  # and paper may have no colours
            practitioner = f" · {self.appointment.practitioner}" if is_one_of_many else ""
            place = f" · {self.appointment.place}" if self.appointment.place else ""
            return f"{self.appointment.what}{practitioner}{place}"
        with_whom = _("with %(name)s") % {"name": self.appointment.practitioner}
        return f"{', '.join(self.names)} · {with_whom}" if self.shows_names else with_whom

    @property
    def equipment(self) -> list[str]:
        return self.appointment.names_of("equipment")

    @property
    def shows_names(self) -> bool:
        """A login for several clients must see whose appointment it is."""
        return len(self.view.linked) + len(self.view.audited) > 1

    @property
    def is_off(self) -> bool:
        return self.appointment.status == Appointment.Status.CANCELLED

    @property
    def is_over(self) -> bool:
        return self.appointment.ends_at <= clock.now()

    @property
    def status(self) -> tuple[str, str]:
        """The badge: words and tone. A place that was given up counts as cancelled for its own people."""
        appointment = self.appointment
        if (
            not self.runs
            and self.participants
            and not any(participant.is_attending for participant in self.participants)
        ):
            return _("Cancelled"), TONES["cancelled"]
        if appointment.is_booked and self.is_over and self.runs:
            return _("To be completed"), "warning"
        return str(appointment.get_status_display()), TONES[appointment.status]

    @cached_property
    def answer(self) -> tuple[str, str, str] | None:
        """What was answered by the link in a reminder, while it is ahead or running: words, tone and icon."""
        places = [place for place in self.participants if place.is_attending]
        if not self.appointment.is_booked or self.is_over or not places:
            return None
        found = answers_of(self.appointment, places)
        if found.late_minutes:
            return _("%(minutes)s minutes late") % {"minutes": found.late_minutes}, "warning", "clock"
        return (_("Confirmed"), "success", "circle-check") if found.is_confirmed else None

    @property
    def can_cancel(self) -> bool:
        return self.view.can_cancel(self.appointment)

    @property
    def can_complete(self) -> bool:
        return self.runs and self.appointment.is_booked and self.appointment.starts_at <= clock.now()

    @property
    def can_move(self) -> bool:
        return self.runs and self.appointment.is_booked

    @property
    def can_edit(self) -> bool:
        return self.runs and not self.is_off

    @property
    def color(self) -> str:
        """Only for the provider's side: the practitioner's where there are several, else the client's own; empty where none was chosen."""
        if not self.runs:
            return ""
        is_clients = len(self.view.schedules) <= 1 and len(self.participants) == 1
        person = self.participants[0].client if is_clients else self.appointment.practitioner
        return "" if person.color == PLAIN else person.color

    @property
    def tone(self) -> int:
        """One of eight tones for those without a colour of their own: by whom they meet, or by what they have."""
        return tone_of(self.title if len(self.view.schedules) <= 1 else str(self.appointment.practitioner))

    @property
    def tone_class(self) -> str:
        return f"tone-{self.tone}"

    @property
    def local_start(self) -> datetime:
        return self.appointment.starts_at.astimezone(self.zone)

    @cached_property
    def elsewhere(self) -> list[Elsewhere]:
        """The same time on the clocks of people in other zones."""
        found: dict[str, list[str]] = {}
        for participant in self.participants:
            found.setdefault(participant.client.time_zone, []).append(participant.client.name)
        return [
            self._on_the_clock_of(names, zone)
            for zone, names in found.items()
            if not self._is_read_alike(wall_time.zone(zone))
        ]

    def _is_read_alike(self, zone: ZoneInfo) -> bool:
        """Whether the clocks there show both its times as the viewer's do."""
        both = (self.appointment.starts_at, self.appointment.ends_at)
        return all(wall_time.same_clock(at, self.zone, zone) for at in both)

    def _on_the_clock_of(self, names: list[str], zone: str) -> Elsewhere:
        starts_at, ends_at = self.appointment.starts_at, self.appointment.ends_at
        when = format_time_span(starts_at, ends_at, zone=zone, language=get_language() or "en")
        is_other_day = starts_at.astimezone(wall_time.zone(zone)).date() != self.local_start.date()
        return Elsewhere(", ".join(names), when, is_other_day)

    def as_event(self) -> dict[str, Any]:
        """What the calendar draws. Only what this viewer may see."""
        appointment = self.appointment
        return {
            "id": str(appointment.pk),
            "title": self.title,
            "start": appointment.starts_at.isoformat(),
            "end": appointment.ends_at.isoformat(),
            "editable": self.can_move,
            "detail": self.detail,
            "elsewhere": [labelled(there.whose, there) for there in self.elsewhere],
            "answer": self.answer[0] if self.answer else "",
            "answerTone": self.answer[1] if self.answer else "",
            "tone": self.tone,
            "color": self.color,
            "status": appointment.status,
            "place": appointment.mode,
            "page": reverse("scheduling:appointment", args=[appointment.pk]),
            "summary": reverse("scheduling:summary", args=[appointment.pk]),
            "move": reverse("scheduling:move", args=[appointment.pk]) if self.can_move else "",
            "version": version_of_drag(appointment, user=self.view.user) if self.can_move else "",
        }


def appointment_rows(appointments: Iterable[Appointment], view: Viewpoint, zone: ZoneInfo) -> list[AppointmentRow]:
    return [AppointmentRow(appointment, view, zone) for appointment in appointments]


def by_day(found: Iterable[AppointmentRow]) -> list[tuple[date, list[AppointmentRow]]]:
    """The rows under their local days, in order."""
    days: dict[date, list[AppointmentRow]] = {}
    for row in found:
        days.setdefault(row.local_start.date(), []).append(row)
    return sorted(days.items())


def attending_only(found: Iterable[AppointmentRow]) -> list[AppointmentRow]:
    """Without what is off, wholly or for the viewer's own people."""

    def stands(participants: list[Participant]) -> bool:
        return any(participant.is_attending for participant in participants)

    return [row for row in found if not row.is_off and (row.runs or stands(row.participants))]

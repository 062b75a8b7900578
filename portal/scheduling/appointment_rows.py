"""Appointments as one viewer sees them: times in the viewer's zone, names only of people they may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.translation import labelled
from core.scheduling.actions.arrivals import EARLIEST
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import answers_of, arrivals_of
from core.scheduling.rules import completion, extension, wall_time
from core.scheduling.rules.conflicts import Span
from core.scheduling.time_formats import FormattedTime, format_time_span
from portal.addresses import address_of
from portal.scheduling.versions import version_of_drag
from themes.elements import initials, tone_of

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


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who takes part, and since when they are here."""

    place: Participant
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Flag:
    """What is marked in the calendar only (see `AppointmentRow.flags`): words, tone and icon."""

    label: str
    tone: str
    icon: str


class AppointmentRow:
    """One appointment in a list, an agenda or a pop-up."""

    def __init__(
        self, appointment: Appointment, view: Viewpoint, zone: ZoneInfo, *, colors_clients: bool = False
    ) -> None:
        self.appointment, self.view, self.zone = appointment, view, zone
        self.participants = view.readable_participants(appointment)
        self.runs = view.runs(appointment)
        self.is_colored_by_client = self.runs and (colors_clients or len(view.schedules) <= 1)

    @property
    def names(self) -> list[str]:
        return [participant.client.name for participant in self.participants if participant.is_attending or self.is_off]

    @property
    def title(self) -> str:
        """Whom a practitioner meets; what a client has."""
        if not self.runs or not self.names:
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
            what = self.appointment.what if self.names else _("Nobody yet")
            return f"{what}{practitioner}{place}"
        with_whom = _("with %(name)s") % {"name": self.appointment.practitioner}
        return f"{', '.join(self.names)} · {with_whom}" if self.shows_names else with_whom

    @property
    def page(self) -> str:
        """Where it stands alone."""
        return address_of("scheduling:appointment", self.appointment.pk)

    @property
    def cancellation(self) -> str:
        """Where it is cancelled."""
        return address_of("scheduling:cancellation", self.appointment.pk)

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

    @cached_property
    def arrivals(self) -> dict[UUID, datetime]:
        """When those came who are here; for whoever runs the schedule."""
        return arrivals_of(self.appointment) if self.runs else {}

    @property
    def places(self) -> list[Place]:
        """Those who take part, each with when they came."""
        return [Place(place, self.arrivals.get(place.pk)) for place in self.appointment.attending]

    @property
    def can_note_arrival(self) -> bool:
        return self.runs and self.appointment.is_booked and self.appointment.starts_at - clock.now() <= EARLIEST

    @property
    def marks(self) -> list[str]:
        """What can be seen at a glance, in words: who is here, how it stands once it is over, and whether it is of a series."""
        if not self.runs:
            return []
        here, expected = len(self.arrivals), len(self.appointment.attending)
        found = []
        if here:
            some = _("%(number)s of %(total)s arrived") % {"number": here, "total": expected}
            found.append(_("Arrived") if here == expected else some)
        if self.is_over or not self.appointment.is_booked:
            found.append(self.status[0])
        if self.appointment.series_id:
            found.append(_("Of a series"))
        return found

    @cached_property
    def flags(self) -> list[Flag]:
        """What a calendar marks besides; nothing where it was not asked for."""
        known, found = self.appointment.__dict__, []
        if known.get("is_live") and self.runs and self.appointment.is_booked:
            found.append(Flag(_("Live now"), "info", "video"))
        if known.get("is_asked_to_move"):
            found.append(Flag(_("Request pending"), "warning", "clock"))
        if known.get("is_paid"):
            found.append(Flag(_("Paid"), "success", "circle-check"))
        return found

    @property
    def can_cancel(self) -> bool:
        return self.view.can_cancel(self.appointment)

    @property
    def can_complete(self) -> bool:
        return self.runs and self.appointment.is_booked and self.appointment.starts_at <= clock.now()

    @property
    def can_complete_early(self) -> bool:
        """Whether somebody may say that it was held before its booked start."""
        now, starts_at = clock.now(), self.appointment.starts_at
        is_early = now < starts_at and completion.can_complete(starts_at, was_held_before=True, now=now)
        return self.runs and self.appointment.is_booked and is_early

    @property
    def can_extend(self) -> bool:
        appointment = self.appointment
        booked = Span(appointment.starts_at, appointment.ends_at)
        is_open = extension.can_begin(booked, is_booked=appointment.is_booked, now=clock.now()) == "extend"
        return self.runs and is_open

    @property
    def can_move(self) -> bool:
        return self.runs and self.appointment.is_booked

    @property
    def can_edit(self) -> bool:
        return self.runs and not self.is_off

    @property
    def color(self) -> str:
        """Only for the provider's side: the practitioner's where there are several, unless they chose the client's own; empty where none is."""
        if not self.runs:
            return ""
        is_clients = self.is_colored_by_client and len(self.participants) == 1
        person = self.participants[0].client if is_clients else self.appointment.practitioner
        return "" if person.color == PLAIN else person.color

    @property
    def tone(self) -> int:
        """One of eight tones for those without a colour of their own: by whom they meet, or by what they have."""
        is_by_title = self.is_colored_by_client or not self.runs
        return tone_of(self.title if is_by_title else str(self.appointment.practitioner))

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
            "initials": initials(self.title),
            "detail": self.detail,
            "elsewhere": [labelled(there.whose, there) for there in self.elsewhere],
            "marks": [*self.marks, *(flag.label for flag in self.flags)],
            "flags": [flag.label for flag in self.flags],
            "flagTone": self.flags[0].tone if self.flags else "",
            "answer": self.answer[0] if self.answer else "",
            "answerTone": self.answer[1] if self.answer else "",
            "tone": self.tone,
            "color": self.color,
            "status": appointment.status,
            "place": appointment.mode,
            "practitioner": str(appointment.practitioner_id) if self.runs else "",
            "page": self.page,
            "summary": address_of("scheduling:summary", appointment.pk),
            "move": address_of("scheduling:move", appointment.pk) if self.can_move else "",
            "version": version_of_drag(appointment, user=self.view.user) if self.can_move else "",
        }


def appointment_rows(
    appointments: Iterable[Appointment], view: Viewpoint, zone: ZoneInfo, *, colors_clients: bool = False
) -> list[AppointmentRow]:
    return [AppointmentRow(appointment, view, zone, colors_clients=colors_clients) for appointment in appointments]


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

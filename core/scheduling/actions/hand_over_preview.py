"""What a hand-over would do, looked at before it is done: with a few questions, however many appointments there are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.people.models import Client, StaffMember
from core.scheduling.actions.availability_checks import sentence_of
from core.scheduling.availability_queries import hours_of
from core.scheduling.models import Appointment, Participant
from core.scheduling.queries import with_people
from core.scheduling.rules import availability
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.hand_overs import Fate, fate_of

AROUND = timedelta(days=8)  # because how many somebody takes a week is counted, too


@dataclass(frozen=True, slots=True)
class Planned:
    """One appointment, what becomes of it, and what to say of that."""

    appointment: Appointment
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that would move, and what would not."""

    former: StaffMember
    successor: StaffMember
    clients: list[Client]
    planned: list[Planned] = field(default_factory=list)

    @property
    def moving(self) -> list[Planned]:
        return [each for each in self.planned if each.fate.moves]

    @property
    def staying(self) -> list[Planned]:
        return [each for each in self.planned if not each.fate.moves]

    @property
    def series(self) -> int:
        """Of how many series dates move."""
        return len({each.appointment.series_id for each in self.moving if each.appointment.series_id})

    @property
    def kept_by_former(self) -> set[object]:
        """The clients who stay with the former practitioner, too, because an appointment with them does."""
        return {place.client_id for each in self.staying for place in each.appointment.attending}

    @property
    def mark(self) -> str:
        """The same for the same outcome: what was seen is what is done, or it is shown again."""
        facts = [
            str(self.successor.pk),
            *sorted(str(client.pk) for client in self.clients),
            *(f"{each.appointment.pk}:{each.appointment.starts_at}:{each.fate}" for each in self.planned),
        ]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]


def preview(former: StaffMember, successor: StaffMember, clients: Sequence[Client], *, now: datetime) -> Preview:
    """What becomes of everything that is booked ahead with these clients on the former practitioner's schedule."""
    keys = {client.pk for client in clients}
    ahead = Appointment.objects.filter(practitioner=former, status=Appointment.Status.BOOKED, starts_at__gt=now)
    theirs = Participant.objects.filter(client__in=keys, is_attending=True)
    rows = list(
        with_people(ahead.filter(pk__in=theirs.values("appointment_id")))
    )  # by key, because a join shows a group twice
    rows.sort(key=lambda row: (row.starts_at, row.pk))
    found = Preview(former, successor, sorted(clients, key=lambda client: (client.sort_key, client.pk)))
    if not rows:
        return found
    first, last = rows[0].starts_at - AROUND, rows[-1].ends_at + AROUND
    taken = Appointment.objects.filter(practitioner=successor, starts_at__lt=last, ends_at__gt=first)
    spans = [each.span for each in taken.exclude(status=Appointment.Status.CANCELLED)]
    hours = hours_of(successor, first.date(), last.date())
    for row in rows:
        planned = _planned(row, keys, successor, hours, spans)
        found.planned.append(planned)
        if planned.fate.moves:
            spans.append(row.span)  # because two that move may count together
    return found


def _planned(
    row: Appointment, keys: set[object], successor: StaffMember, hours: availability.Hours, spans: list[Span]
) -> Planned:
    others = [place.client.name for place in row.attending if place.client_id not in keys]
    near = [span for span in spans if abs(span.starts_at - row.starts_at) < AROUND and span.starts_at < span.ends_at]
    free = not any(span.overlaps(row.span) for span in near)
    against = availability.why_not(hours, row.span, others=near, mode=row.mode, service=row.service_id)
    fate = fate_of(everybody=not others, free=free, works=not against)
    if fate is Fate.OTHERS:
        return Planned(row, fate, ", ".join(others))
    return Planned(
        row, fate, " ".join(sentence_of(code, successor, hours, row.span) for code in against) if free else ""
    )

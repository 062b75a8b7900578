"""What was changed about an appointment, in words: of the facts as the audit keeps them, with ids, to what people read."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.kernel import own_texts
from core.kernel.translation import gettext_noop, labelled, translate
from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.time_formats import format_time_span

# Field as the audit names it → what people call it, in the order in which they read it.
LABELS = {
    "practitioner": gettext_noop("%(Practitioner)s"),
    "clients": gettext_noop("%(Clients)s"),
    "service": gettext_noop("%(Service)s"),
    "mode": gettext_noop("Where"),
    "rooms": gettext_noop("Rooms"),
    "location": gettext_noop("Place"),
    "equipment": gettext_noop("Equipment"),
    "note": gettext_noop("The note was changed"),
}
FOR_CLIENTS = frozenset(LABELS) - {"clients", "equipment"}  # because nobody in a group reads who else comes and goes
TAKEN = ("rooms", "equipment")
UNTOLD = "…"  # a text that the audit only names
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, before and after; both empty where the audit only names it."""

    label: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        return labelled(self.label, f"{self.old} → {self.new}") if self.old or self.new else self.label


def names_in(many: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of everybody and everything of which these changes speak, by id: three questions, however many there are."""
    practitioners, clients, taken = set(), set(), set()
    for changes in many:
        practitioners |= {key for key in changes.get("practitioner") or () if key}
        clients |= {key for side in changes.get("clients") or () for key in side or ()}
        taken |= {key for name in TAKEN for side in changes.get(name) or () for key in side or ()}
    resources = BookableResource.objects.filter(pk__in=taken) if taken else ()
    staff = StaffMember.objects.select_related("user").filter(pk__in=practitioners) if practitioners else ()
    served = Client.objects.filter(pk__in=clients) if clients else ()
    return {str(person.pk): str(person) for some in (staff, served, resources) for person in some}


def described(
    changes: Mapping[str, Any], names: Mapping[str, str], *, only: Container[str] = frozenset(LABELS)
) -> list[Change]:
    """What has become of each fact, in the language in force; nothing of one that reads the same before and after."""
    found = [
        Change(translate(label), *_sides(field, changes[field], names))
        for field, label in LABELS.items()
        if field in only and changes.get(field)
    ]
    return [change for change in found if change.old != change.new or not change.new]


def described_time(changes: Mapping[str, Any], *, zone: str, language: str) -> list[Change]:
    """The time before and after a move, as somebody in that zone reads it."""
    if not (changes.get("starts_at") and changes.get("ends_at")) or None in changes["starts_at"]:
        return []
    both = zip(changes["starts_at"], changes["ends_at"], strict=True)
    spans = [
        format_time_span(datetime.fromisoformat(begins), datetime.fromisoformat(ends), zone=zone, language=language)
        for begins, ends in both
    ]
    old, new = (f"{span.short_day}, {span.hours}" for span in spans)
    return [Change(translate("Time"), old, new)]


def _sides(field: str, pair: list[Any], names: Mapping[str, str]) -> list[str]:
    if UNTOLD in pair:
        return []
    return [_shown(field, side, names) for side in pair]


def _shown(field: str, side: Any, names: Mapping[str, str]) -> str:
    if field in {"clients", *TAKEN}:
        return ", ".join(sorted(names.get(key, NOTHING) for key in side or ())) or NOTHING
    if field == "practitioner":
        return names.get(side, NOTHING)
    if field == "mode":
        return str(Appointment.Mode(side).label)
    return str(own_texts.read(side) or NOTHING)

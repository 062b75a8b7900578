"""Reading notes: those of a client, those in which a word stands, who has read one, and what is shared with somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.html import strip_tags

from core.kernel.models import AuditEvent
from core.people.models import Client
from core.records.audit_codes import RecordsAudit
from core.records.models import ClientFile, Goal, Note, NoteShare, NoteTemplate, Score
from core.records.permissions import (
    clients_shared_with,
    files_visible_to,
    goals_visible_to,
    notes_visible_to,
    scores_visible_to,
    shares_visible_to,
    with_everything,
)
from core.scheduling.models import Appointment

MOST_READERS = 50
MOST_SEARCHED = 2000  # notes about one client that a search looks through, the latest first
MOST_WORDS = 8
RECENTLY = timedelta(hours=24)  # an appointment is what a new note is about


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has read a note, how often, and when the last time."""

    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ScoredResource:
    """A resource with which a client was scored: how often, and the scores, the latest first."""

    key: UUID
    times: int
    scores: list[Score]

    @property
    def title(self) -> str:
        """What it is called today; what it was called then, once it is gone."""
        latest = self.scores[0]
        return latest.resource.title if latest.resource is not None else latest.text.title


def notes_of(client: Client, *, state: str = "") -> QuerySet[Note]:
    """The notes about a client, the latest first; `state`: "unsigned" or "shared" for those alone."""
    notes = with_everything(Note.objects.filter(client=client))
    if state == "unsigned":
        notes = notes.filter(signatures=None)
    elif state == "shared":
        notes = notes.exclude(share=None)
    return notes.order_by("-begun_at", "-pk")


def notes_with(typed: str, notes: QuerySet[Note]) -> list[Note]:
    """Those in whose title, text or additions every word stands, whatever its capitals. Decrypted one by one, because the database reads nothing."""
    words = [word.casefold() for word in typed.split()[:MOST_WORDS]]
    return [note for note in notes[:MOST_SEARCHED] if all(word in _words_of(note) for word in words)]


def _words_of(note: Note) -> str:
    parts = [note.text.title, note.text.body, *(one.text.body for one in note.added)]
    return " ".join(strip_tags(part) for part in parts).casefold()


def notes_about(appointment: Appointment, user: Any) -> list[Note]:
    """What was noted of an appointment, as far as `user` may read it; nothing that nobody has written."""
    visible = notes_visible_to(user).filter(appointment=appointment).exclude(revision=0)
    return list(with_everything(visible).order_by("begun_at", "pk"))


def own_note_about(appointment: Appointment, client: Client, user: Any) -> Note | None:
    """What somebody writes of this appointment at the moment: the latest of theirs that is not signed."""
    own = notes_visible_to(user).filter(appointment=appointment, client=client, author=user, signatures=None)
    return with_everything(own).order_by("-begun_at", "-pk").first()


def previous_notes_about(client: Client, *, but: Note | None) -> list[Note]:
    """The latest notes about a client, to be read while another one is written."""
    others = notes_of(client).exclude(revision=0)
    return list((others if but is None else others.exclude(pk=but.pk))[:20])


def unsigned_notes_of(user: Any) -> QuerySet[Note]:
    """What somebody has written and not signed yet, the oldest first."""
    own = notes_visible_to(user).filter(author=user, signatures=None).exclude(revision=0)
    return own.select_related("client", "appointment").order_by("begun_at", "pk")


def shares_of(client: Client, user: Any) -> QuerySet[NoteShare]:
    """The notes that are shared with the client, as `user` may read them."""
    return _with_notes(shares_visible_to(user).filter(note__client=client))


def latest_shares(user: Any) -> QuerySet[NoteShare]:
    """What was shared last with anybody for whom `user` reads."""
    return _with_notes(shares_visible_to(user))


def _with_notes(shares: QuerySet[NoteShare]) -> QuerySet[NoteShare]:
    return shares.select_related("note__client", "note__appointment", "shared_by").order_by("-shared_at", "-pk")


def readers_of(note: Note) -> list[Reader]:
    """Everybody who has read it, by themselves or as it is shared; who read it last stands first."""
    read = AuditEvent.objects.filter(
        subject_kind=note._meta.label_lower, subject_id=str(note.pk), action=RecordsAudit.NOTE_READ.value
    )
    by_person = read.order_by().values("actor_id", "actor_label").annotate(times=Count("pk"), last_at=Max("at"))
    rows = by_person.order_by("-last_at")[:MOST_READERS]
    return [Reader(row["actor_label"], row["times"], row["last_at"]) for row in rows]


def templates() -> list[NoteTemplate]:
    """What a new note can begin with."""
    return list(NoteTemplate.objects.all())


def appointments_to_note(client: Client, *, now: datetime, most: int = 12) -> list[Appointment]:
    """The client's latest appointments and the next ones, the latest first: of what a new note can be."""
    theirs = Appointment.objects.filter(clients=client).exclude(status=Appointment.Status.CANCELLED)
    past = list(theirs.filter(starts_at__lte=now).order_by("-starts_at")[:most])
    coming = list(theirs.filter(starts_at__gt=now).order_by("starts_at")[:2])
    return [*reversed(coming), *past]


def goals_of(client: Client, user: Any) -> QuerySet[Goal]:
    """The goals of a client, as far as `user` may see them, with their steps and progress."""
    loaded = goals_visible_to(user).filter(client=client).select_related("set_by")
    return loaded.prefetch_related("steps", "progress").order_by("-set_at", "-pk")


def goals_shared_with(user: Any) -> QuerySet[Goal]:
    """Goals that are under way and shared with those for whom `user` reads, the latest first."""
    theirs = Goal.objects.filter(client__in=clients_shared_with(user).order_by().values("pk"))
    return (
        theirs.exclude(shared_at=None).filter(status=Goal.Status.OPEN).select_related("client").order_by("-shared_at")
    )


def files_of(client: Client, user: Any) -> QuerySet[ClientFile]:
    """The files of a client that `user` may open, the latest first."""
    visible = files_visible_to(user).filter(client=client).select_related("client", "file")
    return visible.order_by("-added_at", "-pk")


def scores_of(client: Client, user: Any, *, resource: UUID | None = None) -> QuerySet[Score]:
    """The scores of a client that `user` may see, the latest first; with one resource, or with all."""
    visible = scores_visible_to(user).filter(client=client)
    if resource is not None:
        visible = visible.filter(resource_key=resource)
    loaded = visible.select_related("client", "resource", "appointment", "scored_by")
    return loaded.order_by("-on", "-scored_at", "-pk")


def scored_with(client: Client, user: Any) -> QuerySet[Score, dict[str, Any]]:
    """Each resource with which the client was scored, as far as `user` may see it: which (`resource_key`), how often; the latest first."""
    visible = scores_visible_to(user).filter(client=client).order_by()
    counted = visible.values("resource_key").annotate(times=Count("pk"), last_on=Max("on"), last_at=Max("scored_at"))
    return counted.order_by("-last_on", "-last_at", "resource_key")


def scored_resources(
    client: Client, user: Any, counted: Iterable[dict[str, Any]], *, most: int
) -> list[ScoredResource]:
    """The same with their latest scores, at most so many of each."""
    times = {row["resource_key"]: row["times"] for row in counted}
    place = Window(
        RowNumber(), partition_by=F("resource_key"), order_by=[F("on").desc(), F("scored_at").desc(), F("pk").desc()]
    )
    rows = scores_of(client, user).filter(resource_key__in=times).annotate(place=place).filter(place__lte=most)
    by_key: dict[UUID, list[Score]] = {key: [] for key in times}
    for score in rows:
        by_key[score.resource_key].append(score)
    return [ScoredResource(key, times[key], scores) for key, scores in by_key.items() if scores]

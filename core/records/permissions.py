"""Who may keep and read what is written about clients: predicate, queryset and door side by side.

Whoever keeps records of a client reads everything that was ever written about them, so that somebody who takes over knows what was before. The
client's own logins, and the agents who look after the client's bills, read what is shared with the client, and nothing else.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client
from core.people.permissions import (
    can_act_for,
    can_audit_client,
    clients_acted_for,
    clients_audited_by,
    is_active_staff,
)
from core.people.roles import Permission
from core.records.models import (
    ClientFile,
    Goal,
    GoalProgress,
    GoalStep,
    Note,
    NoteShare,
    NoteTemplate,
    NoteVersion,
    Score,
)
from core.scheduling.models import Appointment

READ, KEEP, REMOVE = "read", "keep", "remove"
CLIENT_FILE = "client_file"  # what files of clients are brought for


def can_keep_records(user: Any, client: Client) -> bool:
    """Read and write notes and goals of this client: whoever is assigned to them, and whoever keeps everybody's."""
    if not user.is_active or not is_active_staff(user):
        return False
    if user.may(Permission.SEE_ALL_RECORDS):
        return True
    is_assigned = Assignment.objects.filter(practitioner=user.staff, client=client).exists()
    return user.may(Permission.KEEP_RECORDS) and is_assigned


def clients_with_records(user: Any) -> QuerySet[Client]:
    """Every client for whom `can_keep_records` holds."""
    if not user.is_active or not is_active_staff(user):
        return Client.objects.none()
    if user.may(Permission.SEE_ALL_RECORDS):
        return Client.objects.all()
    if not user.may(Permission.KEEP_RECORDS):
        return Client.objects.none()
    return Client.objects.filter(pk__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))


def can_read_shared(user: Any, client: Client) -> bool:
    """Read what is shared with the client: their own logins, and their agents."""
    return user.is_active and (can_act_for(user, client) or can_audit_client(user, client))


def clients_shared_with(user: Any) -> QuerySet[Client]:
    """Every client for whom `can_read_shared` holds."""
    if not user.is_active:
        return Client.objects.none()
    acted = clients_acted_for(user).order_by().values("pk")
    audited = clients_audited_by(user).order_by().values("pk")
    return Client.objects.filter(Q(pk__in=acted) | Q(pk__in=audited))


def can_change_templates(user: Any) -> bool:
    """Write the templates for notes."""
    return is_active_staff(user) and user.may(Permission.SEE_ALL_RECORDS)


def can_read_note(user: Any, note: Note) -> bool:
    """As whoever keeps records of its client."""
    return can_keep_records(user, note.client)


def notes_visible_to(user: Any) -> QuerySet[Note]:
    """Every note for which `can_read_note` holds."""
    return Note.objects.filter(client__in=clients_with_records(user).order_by().values("pk"))


def can_read_share(user: Any, share: NoteShare) -> bool:
    """As one with whom it is shared."""
    return can_read_shared(user, share.note.client)


def shares_visible_to(user: Any) -> QuerySet[NoteShare]:
    """Every shared note for which `can_read_share` holds."""
    return NoteShare.objects.filter(note__client__in=clients_shared_with(user).order_by().values("pk"))


def get_client_with_records(user: Any, pk: UUID) -> Client:
    """The client, for whoever keeps their records. NotFound for everybody else, so that not even the page is told of."""
    found = clients_with_records(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"client {pk}")
    return found


def get_note(user: Any, pk: UUID) -> Note:
    """The note with all that belongs to it; NotFound for strangers."""
    found = with_everything(notes_visible_to(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"note {pk}")
    return found


def get_version(user: Any, pk: UUID, version: UUID) -> NoteVersion:
    """An earlier version of a note that `user` may read."""
    found = NoteVersion.objects.select_related("written_by").filter(pk=version, note=get_note(user, pk)).first()
    if found is None:
        raise NotFound(f"version {version}")
    return found


def get_share(user: Any, pk: UUID) -> NoteShare:
    """A note as it is shared, by the id of the note; NotFound for those with whom it is not, or no longer."""
    visible = shares_visible_to(user).select_related("note__client", "note__author", "note__appointment", "shared_by")
    found = visible.filter(note_id=pk).first()
    if found is None:
        raise NotFound(f"shared note {pk}")
    return found


def get_template(user: Any, pk: UUID) -> NoteTemplate:
    """A template, for those who write them."""
    if not can_change_templates(user):
        raise PermissionDenied("not allowed to change templates")
    found = NoteTemplate.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"template {pk}")
    return found


def get_appointment_of(client: Client, pk: UUID | None) -> Appointment | None:
    """An appointment in which the client takes part; NotFound for another one."""
    if pk is None:
        return None
    found = Appointment.objects.filter(pk=pk, clients=client).first()
    if found is None:
        raise NotFound(f"appointment {pk}")
    return found


def goals_visible_to(user: Any) -> QuerySet[Goal]:
    """Every goal for which `can_read_goal` holds: all of those whose records one keeps, and those that are shared."""
    kept = Q(client__in=clients_with_records(user).order_by().values("pk"))
    shared = Q(shared_at__isnull=False, client__in=clients_shared_with(user).order_by().values("pk"))
    return Goal.objects.filter(kept | shared)


def can_read_goal(user: Any, goal: Goal) -> bool:
    """Whoever keeps the client's records, and with whom it is shared."""
    return can_keep_records(user, goal.client) or (goal.is_shared and can_read_shared(user, goal.client))


def get_goal(user: Any, pk: UUID, *, to: str = READ) -> Goal:
    """The goal with its steps and progress; NotFound for strangers, PermissionDenied for those who only read it."""
    loaded = goals_visible_to(user).select_related("client", "set_by", "shared_by").prefetch_related("steps")
    found = loaded.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"goal {pk}")
    if to == KEEP and not can_keep_records(user, found.client):
        raise PermissionDenied("not allowed to change this goal")
    return found


def get_step(user: Any, pk: UUID) -> GoalStep:
    """A step of a goal that `user` may change."""
    found = GoalStep.objects.select_related("goal").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"step {pk}")
    get_goal(user, found.goal_id, to=KEEP)
    return found


def get_progress(user: Any, pk: UUID) -> GoalProgress:
    """What somebody has noted themselves, of a goal that they may change."""
    found = GoalProgress.objects.select_related("goal").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"progress {pk}")
    get_goal(user, found.goal_id, to=KEEP)
    if found.noted_by_id != user.pk:
        raise PermissionDenied("somebody else has noted this")
    return found


def scores_visible_to(user: Any) -> QuerySet[Score]:
    """Every score for which `can_read_score` holds: all of those whose records one keeps, and those that are shared."""
    kept = Q(client__in=clients_with_records(user).order_by().values("pk"))
    shared = Q(shared_at__isnull=False, client__in=clients_shared_with(user).order_by().values("pk"))
    return Score.objects.filter(kept | shared)


def can_read_score(user: Any, score: Score) -> bool:
    """Whoever keeps the client's records, and with whom it is shared."""
    return can_keep_records(user, score.client) or (score.is_shared and can_read_shared(user, score.client))


def get_score(user: Any, pk: UUID) -> Score:
    """A score that `user` may change; NotFound for strangers, PermissionDenied for those who only read it."""
    loaded = scores_visible_to(user).select_related("client", "resource", "appointment", "scored_by")
    found = loaded.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"score {pk}")
    if not can_keep_records(user, found.client):
        raise PermissionDenied("not allowed to change this score")
    return found


def can_bring_files(user: Any, client: Client) -> bool:
    """Add files to one's own record: a login that acts for the client. An agent only reads."""
    return user.is_active and can_act_for(user, client)


def can_bring_any_file(user: Any) -> bool:
    """For the first byte, before it is known for whom: whoever keeps somebody's records, and whoever acts for a client."""
    return clients_with_records(user).exists() or (user.is_active and clients_acted_for(user).exists())


def can_read_file(user: Any, row: ClientFile) -> bool:
    """Whoever keeps the record; with whom it is shared; and who acts for the client, if it came from there."""
    if can_keep_records(user, row.client):
        return True
    if row.is_from_client and can_bring_files(user, row.client):
        return True
    return row.is_shared and can_read_shared(user, row.client)


def files_visible_to(user: Any) -> QuerySet[ClientFile]:
    """Every file for which `can_read_file` holds."""
    visible = Q(client__in=clients_with_records(user).order_by().values("pk"))
    visible |= Q(shared_at__isnull=False, client__in=clients_shared_with(user).order_by().values("pk"))
    if user.is_active:
        visible |= Q(is_from_client=True, client__in=clients_acted_for(user).order_by().values("pk"))
    return ClientFile.objects.filter(visible)


def can_remove_file(user: Any, row: ClientFile) -> bool:
    """Whoever keeps the record; and a login of the client, what they have brought themselves."""
    if can_keep_records(user, row.client):
        return True
    return can_bring_files(user, row.client) and row.is_from_client and row.file.added_by_id == user.pk


def get_client_file(user: Any, pk: UUID, *, to: str = READ) -> ClientFile:
    """The file, if `user` may read it; NotFound for strangers, PermissionDenied for those who may not do `to` with it."""
    loaded = files_visible_to(user).select_related("client", "file__key").prefetch_related("file__renditions__key")
    found = loaded.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"file {pk}")
    if to == KEEP and not can_keep_records(user, found.client):
        raise PermissionDenied("not allowed to change this file")
    if to == REMOVE and not can_remove_file(user, found):
        raise PermissionDenied("not allowed to remove this file")
    return found


def with_everything(notes: QuerySet[Note]) -> QuerySet[Note]:
    """Loaded with what a page shows of them, their texts included."""
    return notes.select_related(
        "client", "author__staff_member", "written_by", "appointment", "share__shared_by"
    ).prefetch_related("signatures", "amendments__author")

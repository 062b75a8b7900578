"""Who is told that something is shared."""

from dataclasses import dataclass
from typing import Any

from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Content
from core.people.models import Client, StaffMember, User
from core.people.permissions import logins_acting_for, staff_with
from core.people.roles import Permission
from core.records import outbox_names
from core.records.messages import FILE_BROUGHT, RECORD_SHARED_NOTICE
from core.records.models import ClientFile, Goal, NoteShare, Score
from core.records.permissions import can_keep_records
from core.scheduling.messages import LOGIN_REASON
from tenants.absolute_urls import absolute_url, path_of


def note_shared(share: NoteShare, *, by: Any) -> None:
    """Every login that acts for the client; `by` knows."""
    path = path_of("notes:shared", share.note_id)
    _tell(share.note.client, "note", share.note_id, share.shared_at.isoformat(), path=path, about=share, by=by)


def goal_shared(goal: Goal, *, by: Any) -> None:
    """The same of a goal."""
    shared_at = goal.shared_at.isoformat() if goal.shared_at else ""
    _tell(goal.client, "goal", goal.pk, shared_at, path=path_of("goals:goal", goal.pk), about=goal, by=by)


def file_shared(row: ClientFile, *, by: Any) -> None:
    """The same of a file."""
    shared_at, path = row.shared_at.isoformat() if row.shared_at else "", path_of("client_files:list", row.client_id)
    _tell(row.client, "file", row.pk, shared_at, path=path, about=row, by=by)


def score_shared(score: Score, *, by: Any) -> None:
    """The same of a score."""
    shared_at = score.shared_at.isoformat() if score.shared_at else ""
    path = path_of("scores:resource", score.client_id, score.resource_key)
    _tell(score.client, "score", score.pk, shared_at, path=path, about=score, by=by)


def file_brought(row: ClientFile, *, by: Any) -> None:
    """A notice to whoever `told_of_files` names."""
    path = path_of("client_files:list", row.client_id)
    for user in told_of_files(row.client).users:
        with in_language_of(user):
            notices.post(FILE_BROUGHT, user_id=user.pk, path=path, concerns=row, clients=row.client.name)


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears that a client has brought a file, and whether they work with the client."""

    users: tuple[User, ...]
    work_with_client: bool


def told_of_files(client: Client) -> Told:
    """Everybody who is assigned to the client and keeps the record; where there is nobody, those who look after all records."""
    active = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE, user__is_active=True).select_related("user")
    assigned = [each.user for each in active.filter(assignments__client=client.pk)]
    working = tuple(user for user in assigned if can_keep_records(user, client))
    if working:
        return Told(working, work_with_client=True)
    members = staff_with(Permission.SEE_ALL_RECORDS).filter(user__is_active=True).order_by("pk")
    return Told(tuple(each.user for each in members), work_with_client=False)


def _tell(client: Client, kind: str, key: Any, shared_at: str, *, path: str, about: Any, by: Any) -> None:
    """The notice and the promise of the mail. `kind` and `key`: of what is shared, so that the mail finds whether it still is."""
    for user in logins_acting_for(client):
        if user.pk == getattr(by, "pk", None):
            continue
        with in_language_of(user):
            notices.post(RECORD_SHARED_NOTICE, user_id=user.pk, path=path, concerns=about, clients=client.name)
        outbox.enqueue(
            outbox_names.SEND_NEWS,
            key=f"records:{kind}:{key}:{shared_at}:{user.pk}",
            by=by,
            about=about,
            kind=kind,
            shared=str(key),
            shared_at=shared_at,
            user=str(user.pk),
            path=path,
        )


def content(client: Client, *, path: str) -> Content:
    """What the mail says, in the language in force."""
    return Content(
        values={"clients": client.name if current_brand().names_in_mail else ""},
        button_url=absolute_url(path),
        reason=translate(LOGIN_REASON),
    )

"""Hosts put a resource, or a file of the client's, before everybody in a session, steer what plays, and close it (RES-03, RES-12, LIV-26)."""

import math
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.files.actions.files import infected
from core.files.models import StoredFile
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import User
from core.records.actions.files import client_file_read
from core.records.models import ClientFile
from core.resources.permissions import resources_visible_to
from sessions_live import broadcasts
from sessions_live.actions.rooms import check_open
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Room
from sessions_live.showings.actions.ending import change_of_closing
from sessions_live.showings.actions.tables import table_of
from sessions_live.showings.models import SHOWN, STEERED, Showing
from sessions_live.showings.permissions import can_show_file

LONGEST = 12 * 3600.0  # seconds


@transaction.atomic
def show_resource(room: Room, pk: UUID | None, *, by: User, now: datetime) -> Showing:
    """Put it before everybody; what was open closes. Errors: `nothing_to_show`, `not_shown_here`, `file_checking`, `file_infected`."""
    hold(room, now=now)
    resource = resources_visible_to(by).select_related("file").filter(pk=pk).first()
    if resource is None:
        raise _nothing()
    _check(resource.kind, resource.file)
    facts = {"title": resource.title, "kind": resource.kind, "table": table_of(resource)}
    return show(room, {"resource": resource}, facts, by=by, now=now)


@transaction.atomic
def show_client_file(room: Room, pk: UUID | None, *, by: User, now: datetime) -> Showing:
    """The same for a file of the client's. That it was read is kept, as always. Errors: as above."""
    hold(room, now=now)
    row = ClientFile.objects.select_related("client", "file").filter(pk=pk).first()
    if row is None or not can_show_file(by, row, room):
        raise _nothing()
    kind = row.file.kind.value
    _check(kind, row.file)
    client_file_read(row, by=by, now=now)
    return show(room, {"client_file": row}, {"title": "", "kind": kind, "table": None}, by=by, now=now)


@transaction.atomic
def steer_showing(room: Room, pk: UUID | None, *, playing: bool, position: float, by: User, now: datetime) -> Showing:
    """From now on the sound or the video plays, or stands, from this second. `no_showing` when another one, or nothing, is open by now."""
    check_open(room, now=now)
    open_ones = Showing.objects.select_for_update(of=["self"]).filter(room=room, closed_at=None)
    showing = open_ones.filter(pk=pk).first()
    if showing is None or showing.kind not in STEERED:
        raise DomainError("no_showing", translate("This is not open any more."))
    showing.is_playing, showing.at = playing, now
    showing.position = min(max(position, 0.0), LONGEST) if math.isfinite(position) else 0.0
    showing.save(update_fields=["is_playing", "position", "at"])
    broadcasts.showing_changed(room)
    return showing


@transaction.atomic
def close_showing(room: Room, *, by: User, now: datetime) -> None:
    """Nobody sees it any more, and its file answers nobody."""
    hold(room, now=now)
    _close(room, by=by, now=now)
    broadcasts.showing_changed(room)


def show(room: Room, what: dict[str, Any], facts: dict[str, Any], *, by: User, now: datetime) -> Showing:
    """Open what is named by `what`, with `facts`, in place of what was open."""
    _close(room, by=by, now=now)
    facts |= {
        "is_playing": False, "position": 0.0, "at": now, "opened_by": by, "opened_at": now, "closed_at": None,
    }  # fmt: skip
    showing, _ = Showing.objects.update_or_create(
        room=room, **what, defaults=facts, create_defaults={**facts, "first_opened_at": now}
    )
    [(name, thing)] = what.items()
    audit.record(
        LiveAudit.SHOWING_OPENED, by=by, subject=room, changes={name: [None, str(getattr(thing, "pk", thing))]}
    )
    broadcasts.showing_changed(room)
    return showing


def _close(room: Room, *, by: User, now: datetime) -> None:
    showing = Showing.objects.select_for_update(of=["self"]).filter(room=room, closed_at=None).first()
    if showing is None:
        return
    showing.closed_at, showing.is_playing = now, False
    showing.save(update_fields=["closed_at", "is_playing"])
    audit.record(LiveAudit.SHOWING_CLOSED, by=by, subject=room, changes=change_of_closing(showing))


def hold(room: Room, *, now: datetime) -> None:
    """Its row. One at a time, so that two hosts do not open two things together."""
    check_open(room, now=now)
    Room.objects.select_for_update(of=["self"]).get(pk=room.pk)


def _nothing() -> DomainError:
    return DomainError("nothing_to_show", translate("This is not there for you any more. Look at the list again."))


def _check(kind: str, file: StoredFile | None) -> None:
    """Whether a page can show it, and the file may be opened."""
    if kind not in SHOWN:
        raise DomainError(
            "not_shown_here", translate("Files of this kind cannot be shown here. Save it as PDF, and add that.")
        )
    if file is None or file.is_ready:
        return
    if file.state == StoredFile.State.INFECTED:
        raise infected(file)
    raise ConflictError(
        "file_checking", translate("The file is being looked through for viruses. Try again in a moment.")
    )

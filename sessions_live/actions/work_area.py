"""The area beside the pictures: a host may take it away from everybody (LIV-15)."""

from datetime import datetime

from django.db import transaction

from core.kernel import audit
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.actions.rooms import check_open
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Room
from sessions_live.permissions import ROOMS


@transaction.atomic
def hide_work_area(room: Room, *, hidden: bool, by: User, now: datetime) -> Room:
    """Nobody sees what lies beside the pictures, or everybody may again. It stays so until a host says otherwise."""
    check_open(room, now=now)
    room = ROOMS.select_for_update(of=["self"]).get(pk=room.pk)
    if room.work_area_hidden != hidden:
        room.work_area_hidden = hidden
        room.save(update_fields=["work_area_hidden"])
        audit.record(LiveAudit.WORK_AREA_HIDDEN if hidden else LiveAudit.WORK_AREA_SHOWN, by=by, subject=room)
    broadcasts.work_area_changed(room)
    return room

"""Who may play a recording and who looks after it: predicate, queryset and door side by side.

Hosts of the appointment (the practitioner, who administers that schedule, who manages all schedules) play, download, read the answers and
delete. A client's own logins may play it where the organization allows that, and did when people were asked; never that of a group, because
it shows other clients. Agents never.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from core.kernel.errors import NotFound
from core.people.permissions import can_act_for, clients_acted_for
from core.people.roles import ClientPermission
from core.scheduling.models import Participant
from core.scheduling.permissions import can_run_schedule, schedules_run_by
from sessions_live.models import LiveSettings, Recording


class To(StrEnum):
    """What somebody wants to do with a recording."""

    PLAY = "play"
    MANAGE = "manage"


PLAY, MANAGE = To.PLAY, To.MANAGE


def can_manage(user: Any, recording: Recording) -> bool:
    """Download, read the answers, delete, try again."""
    return can_run_schedule(user, recording.room.appointment.practitioner)


def can_play(user: Any, recording: Recording) -> bool:
    """See its page and play it."""
    if can_manage(user, recording):
        return True
    if not (user.is_authenticated and user.is_active and recording.clients_may_play):
        return False
    if recording.state != Recording.State.KEPT or not LiveSettings.current().clients_may_play:
        return False
    participants = list(recording.room.appointment.participants.select_related("client"))
    if len(participants) != 1 or not participants[0].is_attending:
        return False
    client = participants[0].client
    return can_act_for(user, client) and client.allows(ClientPermission.SEE_HISTORY)


def recordings_visible_to(user: Any) -> QuerySet[Recording]:
    """Every recording for which `can_play` holds."""
    if not (user.is_authenticated and user.is_active):
        return Recording.objects.none()
    visible = Q(room__appointment__practitioner__in=schedules_run_by(user))
    found = Recording.objects.select_related("room__appointment__practitioner__user")
    if not LiveSettings.current().clients_may_play:
        return found.filter(visible)
    of_it = Participant.objects.filter(appointment=OuterRef("room__appointment")).order_by()
    own = of_it.filter(
        is_attending=True,
        client__in=clients_acted_for(user).order_by().values("pk"),
        client__permissions__contains=[ClientPermission.SEE_HISTORY.value],
    )
    participants = of_it.values("appointment").annotate(number=Count("pk")).values("number")
    alone = Q(Exists(own), participant_count=1, state=Recording.State.KEPT, clients_may_play=True)
    return found.annotate(participant_count=Subquery(participants)).filter(visible | alone)


def get_recording(user: Any, pk: UUID, *, to: To = PLAY) -> Recording:
    """The recording, for somebody who may do `to` with it. NotFound for strangers, PermissionDenied for those who only play it."""
    recording = recordings_visible_to(user).filter(pk=pk).first()
    if recording is None:
        raise NotFound(f"recording {pk}")
    if to is MANAGE and not can_manage(user, recording):
        raise PermissionDenied("only hosts may do this with a recording")
    return recording

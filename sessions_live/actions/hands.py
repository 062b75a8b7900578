"""Who wants to say something: a raised hand, in the order in which they went up."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sessions_live import broadcasts
from sessions_live.actions.rooms import check_open
from sessions_live.models import Admission, Room


@transaction.atomic
def raise_hand(admission: Admission, *, up: bool, now: datetime) -> None:
    """This person's own hand. Up already, it keeps its place in the order."""
    check_open(admission.room, now=now)
    mine = Admission.objects.filter(pk=admission.pk, state=Admission.State.ADMITTED, hand_raised_at__isnull=up)
    if mine.update(hand_raised_at=now if up else None):
        broadcasts.people_changed(admission.room)


@transaction.atomic
def lower_hand(room: Room, admission_id: Any, *, now: datetime) -> None:
    """A host has called somebody. Nothing where the hand is down."""
    check_open(room, now=now)
    if room.admissions.filter(pk=admission_id, hand_raised_at__isnull=False).update(hand_raised_at=None):
        broadcasts.people_changed(room)

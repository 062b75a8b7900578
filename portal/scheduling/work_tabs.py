"""Appointments beside the pictures of a session."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.work_tabs import RoomVisitor, WorkTab


def has_appointment(visitor: RoomVisitor) -> bool:
    """Whether there are appointments that this person may read of here; a guest by link has none."""
    return visitor.user is not None and visitor.room.appointment_id is not None


def _facts(visitor: RoomVisitor) -> dict[str, Any]:
    return {"part": reverse("scheduling:session_details", args=[visitor.room.appointment_id])}


TABS = (
    WorkTab(
        name="details",
        icon="calendar-days",
        position=80,
        label=_("Details"),
        module="js/scheduling/details-tab.js",
        template="scheduling/_details_tab.html",
        allowed=has_appointment,
        facts=_facts,
        is_private=True,
    ),
)

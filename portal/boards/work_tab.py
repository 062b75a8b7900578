"""The board beside the pictures of a session."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.work_tabs import RoomVisitor, WorkTab


def _facts(visitor: RoomVisitor) -> dict[str, Any]:
    return {"part": reverse("boards:session", args=[visitor.room.appointment_id])}


BOARD_TAB = WorkTab(
    name="board",
    icon="presentation",
    position=10,
    label=_("Board"),
    module="js/boards/board-tab.js",
    template="boards/_work_tab.html",
    # Because a board's rights go by logins, and it belongs to whom an appointment is for.
    allowed=lambda visitor: visitor.user is not None and visitor.room.appointment_id is not None,
    facts=_facts,
)

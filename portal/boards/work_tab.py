"""What boards bring into the room of a session: the board beside the pictures, and drawing over a shared screen."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.work_tabs import RoomVisitor, WorkTab
from sessions_live.boards.format import palette


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


def _ink_facts(visitor: RoomVisitor) -> dict[str, Any]:
    return {"socket": f"/ws/ink/{visitor.room.pk}/", "colours": palette.COLOURS}


INK = WorkTab(
    name="ink",
    icon="pen-line",
    position=11,
    label=_("Drawing on a shared screen"),
    module="js/boards/ink.js",
    template="boards/_ink.html",
    # Because everybody sees what is drawn; who may draw, the socket says.
    allowed=lambda visitor: True,
    facts=_ink_facts,
    over_screens=True,
)

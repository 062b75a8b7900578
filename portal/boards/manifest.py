"""Boards: on a client's page, and in the room of a session."""

from portal.boards import client_panels
from portal.boards.work_tab import BOARD_TAB, INK
from portal.manifests import ClientPanel, Manifest
from sessions_live.boards.audit_codes import BoardAudit
from sessions_live.boards.deletion_guards import boards_stand_in_the_way

MANIFEST = Manifest(
    app="boards",
    client_panels=(ClientPanel(client_panels.boards, "boards/_panel.html", 19),),
    deletion_guards=(boards_stand_in_the_way,),
    audit_codes=(BoardAudit,),
    work_tabs=(BOARD_TAB, INK),
    help={"boards:": ("boards",)},
)

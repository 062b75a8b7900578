"""Live sessions."""

from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from portal.live import client_panels, dashboard_cards, work_tabs
from portal.live.setup_steps import STEPS
from portal.manifests import ClientPanel, DashboardCard, Manifest, SettingsGroup, SettingsPage
from sessions_live.actions.seats import sweep_closed_rooms
from sessions_live.audit_codes import LiveAudit
from sessions_live.invitations.messages import MESSAGES as GUEST_MESSAGES
from sessions_live.messages import MESSAGES

MANIFEST = Manifest(
    app="live",
    settings_pages=(
        SettingsPage(
            "live_settings:live", _("Live %(sessions)s"), 40, Permission.MANAGE_ORGANIZATION, SettingsGroup.PRACTICE
        ),
    ),
    client_panels=(ClientPanel(client_panels.link_calls, "live/_link_calls.html", 55),),
    dashboard_cards=(DashboardCard(dashboard_cards.waiting_now, "live/_waiting_panel.html", 10),),
    setup_steps=STEPS,
    work_tabs=work_tabs.TABS,
    audit_codes=(LiveAudit,),
    nightly_jobs=(sweep_closed_rooms,),
    messages=(*MESSAGES, *GUEST_MESSAGES),
    help={
        "live:": ("join", "waiting-room", "camera", "connection-test", "screen", "recording", "staff-live"),
        "live:connection_test": ("connection-test", "camera", "network", "certificate"),
        "personal_link:": ("personal-link", "staff-live"),
        "join:": ("join", "camera", "waiting-room"),
        "live_settings:": ("staff-live", "network", "staff-recording"),
    },
)

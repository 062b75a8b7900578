"""The waiting list."""

from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from core.waiting_list.actions import end_past_entries, promise_coming_places
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.messages import MESSAGES
from portal.manifests import DashboardCard, Manifest, SettingsGroup, SettingsPage
from portal.waiting_list import dashboard_cards

MANIFEST = Manifest(
    app="waiting_list",
    settings_pages=(
        SettingsPage(
            "waiting_list_settings:settings",
            _("Waiting list"),
            36,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
    ),
    dashboard_cards=(DashboardCard(dashboard_cards.offers, "waiting_list/_offers.html", 5),),
    nightly_jobs=(end_past_entries, promise_coming_places),
    audit_codes=(WaitingListAudit,),
    permissions=(Permission.MANAGE_ALL_SCHEDULES,),
    messages=MESSAGES,
    help={
        "waiting_list:": ("waiting-list", "staff-waiting-list", "requests"),
        "waiting_list_settings:": ("staff-waiting-list", "staff-requests"),
    },
)

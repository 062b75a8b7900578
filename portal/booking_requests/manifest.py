"""Asking for a time, and answering."""

from django.utils.translation import gettext_lazy as _

from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.messages import MESSAGES
from core.people.roles import Permission
from portal.booking_requests import dashboard_cards
from portal.manifests import DashboardCard, Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="booking_requests",
    settings_pages=(
        SettingsPage(
            "request_settings:settings",
            _("Requests for times"),
            35,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
    ),
    dashboard_cards=(
        DashboardCard(dashboard_cards.to_answer, "booking_requests/_to_answer.html", 15),
        DashboardCard(dashboard_cards.own, "booking_requests/_own.html", 25),
    ),
    audit_codes=(BookingRequestAudit,),
    permissions=(Permission.MANAGE_ALL_SCHEDULES,),
    messages=MESSAGES,
    help={
        "booking_requests:": ("requests", "staff-requests", "cancel"),
        "request_settings:": ("staff-requests", "staff-permissions"),
    },
)

"""Booking oneself: who may, and what."""

from django.utils.translation import gettext_lazy as _

from core.booking.actions import forget_old_holds
from core.booking.audit_codes import BookingAudit
from core.booking.messages import MESSAGES
from core.people.roles import Permission
from portal.booking import client_panels
from portal.manifests import ClientPanel, Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="booking",
    settings_pages=(
        SettingsPage(
            "booking_settings:settings",
            _("Online booking"),
            31,
            Permission.MANAGE_ALL_SCHEDULES,
            SettingsGroup.PRACTICE,
        ),
    ),
    client_panels=(ClientPanel(client_panels.online_booking, "booking/_client_panel.html", 60),),
    audit_codes=(BookingAudit,),
    permissions=(Permission.MANAGE_ALL_SCHEDULES,),
    messages=MESSAGES,
    nightly_jobs=(forget_old_holds,),
    help={"booking:": ("book-online", "cancel"), "booking_settings:": ("staff-online-booking", "staff-book")},
)

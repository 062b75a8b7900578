"""Enquiries: among the people, on a client's page, in the settings."""

from django.utils.translation import gettext_lazy as _

from core.enquiries.actions import forget_old_enquiries
from core.enquiries.audit_codes import EnquiryAudit
from core.enquiries.messages import ENQUIRY_MESSAGES
from core.enquiries.permissions import can_see_enquiries
from core.people.roles import Permission
from portal.enquiries import client_panels
from portal.manifests import ClientPanel, Manifest, NavigationEntry, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="enquiries",
    navigation=(NavigationEntry("enquiries:list", "inbox", 45, can_see_enquiries, label=_("Enquiries")),),
    settings_pages=(
        SettingsPage(
            "enquiry_settings:settings", _("Contact form"), 27, Permission.MANAGE_ORGANIZATION, SettingsGroup.REACH
        ),
    ),
    client_panels=(ClientPanel(client_panels.enquiries, "enquiries/_client_panel.html", 40),),
    audit_codes=(EnquiryAudit,),
    permissions=(Permission.SEE_ALL_CLIENTS, Permission.MANAGE_CLIENTS, Permission.MANAGE_ORGANIZATION),
    messages=ENQUIRY_MESSAGES,
    nightly_jobs=(forget_old_enquiries,),
    help={"enquir": ("staff-enquiries", "staff-clients")},
)

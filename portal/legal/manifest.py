"""Legal texts: among the settings, on a client's page, at the foot of mails."""

from django.utils.translation import gettext_lazy as _

from core.legal.audit_codes import LegalAudit
from core.legal.messages import LEGAL_MESSAGES
from core.people.roles import Permission
from portal.legal import client_panels
from portal.legal.setup_steps import STEPS
from portal.legal_links import mail_links
from portal.manifests import ClientPanel, Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="legal",
    settings_pages=(
        SettingsPage("legal:texts", _("Legal texts"), 35, Permission.MANAGE_LEGAL_TEXTS, SettingsGroup.REACH),
    ),
    client_panels=(ClientPanel(client_panels.consents, "legal/_panel.html", 30),),
    setup_steps=STEPS,
    audit_codes=(LegalAudit,),
    permissions=(Permission.MANAGE_LEGAL_TEXTS,),
    messages=LEGAL_MESSAGES,
    mail_foot=mail_links,
    help={"legal:": ("staff-legal",), "agreement": ("agreements",)},
)

"""The public pages: what is shown to whoever has not signed in."""

from django.utils.translation import gettext_lazy as _

from core.pages.audit_codes import PagesAudit
from core.people.roles import Permission
from portal.manifests import Manifest, SettingsPage

MANIFEST = Manifest(
    app="pages",
    settings_pages=(SettingsPage("front_page_settings", _("Front page"), 20, Permission.MANAGE_ORGANIZATION),),
    audit_codes=(PagesAudit,),
    help={"front_page": ("staff-brand", "staff-words")},
)

"""The help centre."""

from django.utils.translation import gettext_lazy as _

from core.help.audit_codes import HelpAudit
from core.help.search import forget_old_misses
from core.people.roles import Permission
from portal.manifests import Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="help",
    settings_pages=(SettingsPage("articles:list", _("Help"), 25, Permission.MANAGE_ORGANIZATION, SettingsGroup.LOOK),),
    audit_codes=(HelpAudit,),
    nightly_jobs=(forget_old_misses,),
    help={"articles:": ("staff-help", "staff-words")},
)

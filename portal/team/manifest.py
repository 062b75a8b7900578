"""Public cards: among the settings, and on each person's page."""

from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from core.team.audit_codes import TeamAudit
from core.team.messages import TEAM_MESSAGES
from portal.manifests import Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="team",
    settings_pages=(SettingsPage("cards:list", _("Public cards"), 55, Permission.MANAGE_STAFF, SettingsGroup.LOOK),),
    audit_codes=(TeamAudit,),
    permissions=(Permission.MANAGE_STAFF,),
    messages=TEAM_MESSAGES,
    help={"cards:": ("staff-card", "staff-roles")},
)

"""The leak report: among the settings, and made every night."""

from django.utils.translation import gettext_lazy as _

from core.leak_walk.actions import walk_now
from core.leak_walk.audit_codes import LeakWalkAudit
from core.people.roles import Permission
from portal.manifests import Manifest, SettingsGroup, SettingsPage

MANIFEST = Manifest(
    app="leak_walk",
    settings_pages=(
        SettingsPage("leak_walk:report", _("Leak report"), 65, Permission.MANAGE_ORGANIZATION, SettingsGroup.OVERSIGHT),
    ),
    audit_codes=(LeakWalkAudit,),
    long_nightly_jobs=(walk_now,),
    help={"leak_walk:": ("staff-leaks", "staff-audit")},
)

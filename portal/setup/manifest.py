"""The setup guide: on the dashboard, and among the settings."""

from django.utils.translation import gettext_lazy as _

from core.setup.audit_codes import SetupAudit
from portal.manifests import DashboardCard, Manifest, SettingsGroup, SettingsPage
from portal.setup.dashboard_cards import setup_guide
from portal.setup_guide import SEES

MANIFEST = Manifest(
    app="setup",
    settings_pages=(SettingsPage("setup:guide", _("Getting started"), 90, SEES, SettingsGroup.OVERSIGHT),),
    dashboard_cards=(DashboardCard(setup_guide, "setup/_panel.html", 5),),
    audit_codes=(SetupAudit,),
    permissions=(SEES,),
)

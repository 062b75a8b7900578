"""The help centre."""

from core.help.audit_codes import HelpAudit
from portal.manifests import Manifest

MANIFEST = Manifest(app="help", audit_codes=(HelpAudit,))

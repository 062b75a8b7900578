"""Files: what is noted of them, and what is done at night. Their pages are those of the apps to whose things they belong."""

from core.files.actions.upkeep import drop_unused_uploads, remove_lost_contents
from core.files.audit_codes import FileAudit
from portal.manifests import Manifest

MANIFEST = Manifest(
    app="files",
    audit_codes=(FileAudit,),
    nightly_jobs=(drop_unused_uploads, remove_lost_contents),
)

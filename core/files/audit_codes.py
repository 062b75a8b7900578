"""The audit codes of this app: files that come and go, whatever they belong to, and the key that they are encrypted with."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class FileAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    FILE_KEPT = "file.kept", gettext_noop("Added a file"), "file-plus", Tone.INFO
    FILE_REMOVED = "file.removed", gettext_noop("Removed a file"), "trash-2", Tone.WARNING
    FILE_INFECTED = (
        "file.infected",
        gettext_noop("Removed a file in which a virus was found"),
        "shield-alert",
        Tone.DANGER,
    )
    FILE_KEY_CHANGED = "file_key.changed", gettext_noop("Changed the key of all files"), "key-round", Tone.INFO

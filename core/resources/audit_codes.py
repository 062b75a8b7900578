"""The audit codes of this app: what is done with materials, and with the store."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class ResourceAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    RESOURCE_ADDED = "resource.added", gettext_noop("Added a resource"), "file-plus", Tone.INFO
    RESOURCE_CHANGED = "resource.changed", gettext_noop("Changed a resource"), "pencil", Tone.NEUTRAL
    RESOURCE_REPLACED = (
        "resource.replaced",
        gettext_noop("Replaced a resource by a fresh copy"),
        "refresh-cw",
        Tone.INFO,
    )
    RESOURCE_DELETED = "resource.deleted", gettext_noop("Deleted a resource"), "trash-2", Tone.WARNING
    RESOURCE_SHARED = "resource.shared", gettext_noop("Put a resource into the store"), "share-2", Tone.INFO
    RESOURCE_WITHDRAWN = "resource.withdrawn", gettext_noop("Took a resource out of the store"), "undo-2", Tone.WARNING
    RESOURCE_LISTED = "resource.listed", gettext_noop("Added a resource from the store"), "plus", Tone.NEUTRAL
    CARDS_CHANGED = "cards.changed", gettext_noop("Changed the cards of a set"), "layers", Tone.NEUTRAL
    RESOURCE_UNLISTED = "resource.unlisted", gettext_noop("Took a resource off the list"), "minus", Tone.NEUTRAL

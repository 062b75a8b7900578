"""The audit codes of boards. What is drawn is in the document, with its author; here stands what is done with boards."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BoardAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BOARD_CHANGED = "board.changed", gettext_noop("Changed the settings of a board"), "settings", Tone.NEUTRAL
    BOARD_CREATED = "board.created", gettext_noop("Made a board"), "presentation", Tone.INFO
    BOARD_DELETED = "board.deleted", gettext_noop("Deleted a board"), "trash-2", Tone.DANGER
    BOARD_OPENED = "board.opened", gettext_noop("Opened a board"), "eye", Tone.NEUTRAL
    BOARD_PICTURE_ADDED = "board_picture.added", gettext_noop("Put a picture on a board"), "image", Tone.NEUTRAL
    BOARD_SAVED = "board.saved", gettext_noop("Saved a board as it is"), "save", Tone.SUCCESS
    SAVED_BOARD_DELETED = "saved_board.deleted", gettext_noop("Deleted a saved board"), "trash-2", Tone.DANGER
    SAVED_BOARD_READ = "saved_board.read", gettext_noop("Read a saved board"), "eye", Tone.NEUTRAL

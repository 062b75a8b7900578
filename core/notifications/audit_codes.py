"""What the audit notes about mail and about the words of messages."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class NotificationsAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    MAIL_SENT_AGAIN = "mail.sent_again", gettext_noop("Mail sent again"), "mail", Tone.INFO
    MESSAGE_CHANGED = "message.changed", gettext_noop("Message changed"), "message-square", Tone.INFO
    MESSAGE_RESTORED = "message.restored", gettext_noop("Earlier version of a message restored"), "history", Tone.INFO
    MESSAGE_RESET = "message.reset", gettext_noop("Message back to the standard text"), "rotate-ccw", Tone.INFO
    MESSAGE_TESTED = "message.tested", gettext_noop("Test of a message sent"), "send", Tone.INFO
    TEXTS_STARTED = "texts.started", gettext_noop("Answered START to a text message"), "message-square", Tone.INFO
    TEXTS_STOPPED = "texts.stopped", gettext_noop("Answered STOP to a text message"), "message-square", Tone.WARNING

"""What the audit notes about mail."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class NotificationsAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    MAIL_SENT_AGAIN = "mail.sent_again", gettext_noop("Mail sent again"), "mail", Tone.INFO

"""The audit codes of this app: what visitors write, and what staff do with it."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class EnquiryAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    ENQUIRY_RECEIVED = "enquiry.received", gettext_noop("Wrote by the contact form"), "inbox", Tone.INFO
    ENQUIRY_READ = "enquiry.read", gettext_noop("Read an enquiry"), "eye", Tone.NEUTRAL
    ENQUIRY_ANSWERED = "enquiry.answered", gettext_noop("Marked an enquiry as answered"), "mail-check", Tone.SUCCESS
    ENQUIRY_ARCHIVED = "enquiry.archived", gettext_noop("Put an enquiry away"), "archive", Tone.NEUTRAL
    ENQUIRY_REOPENED = "enquiry.reopened", gettext_noop("Marked an enquiry as new again"), "rotate-ccw", Tone.NEUTRAL
    ENQUIRY_DELETED = "enquiry.deleted", gettext_noop("Deleted an enquiry"), "trash-2", Tone.WARNING
    ENQUIRY_SETTINGS_CHANGED = (
        "enquiry_settings.changed",
        gettext_noop("Changed where enquiries go, and how long they are kept"),
        "settings",
        Tone.NEUTRAL,
    )

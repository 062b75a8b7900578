"""The audit codes of this app: what is done to legal texts, and what people answer to them."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class LegalAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    LEGAL_TEXT_WRITTEN = "legal_text.written", gettext_noop("Draft of a legal text saved"), "pen-line", Tone.NEUTRAL
    LEGAL_TEXT_PUBLISHED = "legal_text.published", gettext_noop("Legal text published"), "file-text", Tone.SUCCESS
    LEGAL_TEXT_CHANGED = (
        "legal_text.changed",
        gettext_noop("Changed who is asked about a legal text"),
        "users",
        Tone.INFO,
    )
    LEGAL_TEXT_DISCARDED = (
        "legal_text.discarded",
        gettext_noop("Draft of a legal text thrown away"),
        "trash-2",
        Tone.NEUTRAL,
    )
    LEGAL_TEXT_WITHDRAWN = "legal_text.withdrawn", gettext_noop("Legal text taken out"), "eye-off", Tone.WARNING
    LEGAL_TEXT_RETURNED = "legal_text.returned", gettext_noop("Legal text shown again"), "eye", Tone.INFO
    LEGAL_TEXT_DELETED = (
        "legal_text.deleted",
        gettext_noop("Legal text deleted before anybody saw it"),
        "trash-2",
        Tone.DANGER,
    )
    ACCEPTANCE_ACCEPTED = "acceptance.accepted", gettext_noop("Legal text accepted"), "check", Tone.SUCCESS
    ACCEPTANCE_DECLINED = "acceptance.declined", gettext_noop("Consent declined"), "x", Tone.WARNING
    ACCEPTANCE_WITHDRAWN = "acceptance.withdrawn", gettext_noop("Consent withdrawn"), "undo-2", Tone.WARNING
    ACCEPTANCE_EXPORTED = (
        "acceptance.exported",
        gettext_noop("List of acceptances downloaded"),
        "download",
        Tone.NEUTRAL,
    )

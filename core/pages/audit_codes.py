"""The audit codes of this app: what is done to the public pages."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PagesAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    PAGE_CHANGED = "page.changed", gettext_noop("Changed a public page"), "globe", Tone.NEUTRAL

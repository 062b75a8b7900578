"""The audit codes of this app: what is done to the organization's brand."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BrandingAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BRAND_CHANGED = "brand.changed", gettext_noop("Changed the brand"), "palette", Tone.NEUTRAL
    BRAND_WORDS_CHANGED = "brand.words_changed", gettext_noop("Changed the words"), "languages", Tone.NEUTRAL

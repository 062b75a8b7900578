"""The audit codes of this app: what is done to the help centre."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class HelpAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    ARTICLE_ADDED = "article.added", gettext_noop("Help article added"), "file-plus", Tone.INFO
    ARTICLE_DRAFTED = "article.drafted", gettext_noop("Draft of a help article saved"), "pen-line", Tone.NEUTRAL
    ARTICLE_PUBLISHED = "article.published", gettext_noop("Help article published"), "file-text", Tone.INFO
    ARTICLE_RESET = "article.reset", gettext_noop("Help article back to the standard text"), "rotate-ccw", Tone.INFO
    ARTICLE_KEPT = "article.kept", gettext_noop("Own text of a help article kept"), "check", Tone.NEUTRAL
    ARTICLE_HIDDEN = "article.hidden", gettext_noop("Help article hidden"), "eye-off", Tone.WARNING
    ARTICLE_SHOWN = "article.shown", gettext_noop("Help article shown again"), "eye", Tone.INFO
    ARTICLE_MOVED = "article.moved", gettext_noop("Help article moved"), "list", Tone.NEUTRAL
    HELP_CATEGORY_CHANGED = "help_category.changed", gettext_noop("Category of help changed"), "folder", Tone.NEUTRAL

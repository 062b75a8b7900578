"""What the parts of a form are called, and how they are drawn."""

from django.utils.translation import gettext_lazy as _

from core.records.questionnaires.rules.questionnaires import Kind

# In the order in which they are offered.
LABELS = {
    Kind.TEXT: _("Line of text"),
    Kind.LONG_TEXT: _("Several lines"),
    Kind.ONE: _("One of several answers"),
    Kind.MANY: _("Several answers"),
    Kind.SCALE: _("Scale"),
    Kind.DATE: _("Day"),
    Kind.FILE: _("Files"),
    Kind.STATEMENT: _("Statement to agree to"),
    Kind.SIGNATURE: _("Signature"),
    Kind.WORDS: _("Text to read"),
    Kind.PAGE: _("New page"),
}
ICONS = {
    Kind.TEXT: "type",
    Kind.LONG_TEXT: "file-text",
    Kind.ONE: "circle-check",
    Kind.MANY: "list-checks",
    Kind.SCALE: "sliders-horizontal",
    Kind.DATE: "calendar",
    Kind.FILE: "paperclip",
    Kind.STATEMENT: "check-check",
    Kind.SIGNATURE: "signature",
    Kind.WORDS: "info",
    Kind.PAGE: "files",
}

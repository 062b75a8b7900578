"""The audit codes of this app: what is done to the public pages."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class PagesAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    FRONT_PAGE_CHOSEN = (
        "front_page.chosen",
        gettext_noop("Chose whose front page a page is"),
        "house",
        Tone.INFO,
    )
    PAGE_ADDED = "page.added", gettext_noop("Added a page of the website"), "file-plus", Tone.INFO
    PAGE_CHANGED = "page.changed", gettext_noop("Changed a public page"), "globe", Tone.NEUTRAL
    PAGE_DELETED = "page.deleted", gettext_noop("Deleted a page of the website"), "trash-2", Tone.DANGER
    PAGE_DRAFT_SHARED = "page_draft.shared", gettext_noop("Made a link to a draft of a page"), "link", Tone.INFO
    PAGE_DRAFT_SHARE_ENDED = (
        "page_draft_share.ended",
        gettext_noop("Ended the link to a draft of a page"),
        "x",
        Tone.NEUTRAL,
    )
    PAGE_MOVED = "page.moved", gettext_noop("Moved a page of the website"), "arrow-up", Tone.NEUTRAL
    PAGE_PUBLISHED = "page.published", gettext_noop("Published a page of the website"), "globe", Tone.SUCCESS
    PAGE_RESTORED = "page.restored", gettext_noop("Went back to an earlier version of a page"), "undo-2", Tone.INFO
    PAGE_SCHEDULED = "page.scheduled", gettext_noop("Set when a page is published"), "calendar-clock", Tone.INFO
    PAGE_UNPUBLISHED = "page.unpublished", gettext_noop("Took a page off the website"), "eye-off", Tone.WARNING
    PAGE_UNSCHEDULED = (
        "page.unscheduled",
        gettext_noop("Called off a publication that was set"),
        "calendar-x",
        Tone.NEUTRAL,
    )
    PICTURE_ADDED = "picture.added", gettext_noop("Added a picture to the website"), "image", Tone.NEUTRAL
    PICTURE_DELETED = "picture.deleted", gettext_noop("Deleted a picture"), "trash-2", Tone.NEUTRAL

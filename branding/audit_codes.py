"""The audit codes of this app: what is done to the organization's brand."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class BrandingAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    BRAND_CHANGED = "brand.changed", gettext_noop("Changed the brand"), "palette", Tone.NEUTRAL
    BRAND_WORDS_CHANGED = "brand.words_changed", gettext_noop("Changed the words"), "languages", Tone.NEUTRAL
    BRAND_PUBLISHED = "brand.published", gettext_noop("Published the brand"), "palette", Tone.SUCCESS
    BRAND_RESTORED = "brand.restored", gettext_noop("Brought back an earlier look"), "history", Tone.WARNING
    BRAND_DRAFT_CHANGED = "brand.draft_changed", gettext_noop("Changed the draft of the brand"), "pencil", Tone.NEUTRAL
    BRAND_DRAFT_DISCARDED = (
        "brand.draft_discarded",
        gettext_noop("Threw the draft of the brand away"),
        "trash-2",
        Tone.WARNING,
    )
    BRAND_DRAFT_SCHEDULED = (
        "brand.draft_scheduled",
        gettext_noop("Set when the draft of the brand is published"),
        "calendar-clock",
        Tone.NEUTRAL,
    )
    BRAND_DRAFT_UNSCHEDULED = (
        "brand.draft_unscheduled",
        gettext_noop("Called off the publication of the brand’s draft"),
        "calendar-clock",
        Tone.NEUTRAL,
    )
    BRAND_DRAFT_SHARED = (
        "brand.draft_shared",
        gettext_noop("Made a link to the draft of the brand"),
        "link",
        Tone.NEUTRAL,
    )
    BRAND_FONT_ADDED = "brand.font_added", gettext_noop("Added a font"), "type", Tone.NEUTRAL
    BRAND_FONT_REMOVED = "brand.font_removed", gettext_noop("Removed a font"), "trash-2", Tone.WARNING
    BRANCH_ADDED = "branch.added", gettext_noop("Added a branch"), "map-pin", Tone.SUCCESS
    BRANCH_CHANGED = "branch.changed", gettext_noop("Changed a branch"), "map-pin", Tone.NEUTRAL
    BRANCH_CLOSED = "branch.closed", gettext_noop("Made a branch inactive"), "circle-pause", Tone.WARNING
    BRANCH_OPENED = "branch.opened", gettext_noop("Made a branch active again"), "circle-play", Tone.SUCCESS
    BRANCH_DELETED = "branch.deleted", gettext_noop("Deleted a branch"), "trash-2", Tone.WARNING
    BRANCH_RESTORED = (
        "branch.restored",
        gettext_noop("Brought back an earlier look of a branch"),
        "history",
        Tone.WARNING,
    )
    BRANCH_DRAFT_CHANGED = "branch.draft_changed", gettext_noop("Changed the draft of a branch"), "pencil", Tone.NEUTRAL
    BRANCH_DRAFT_DISCARDED = (
        "branch.draft_discarded",
        gettext_noop("Threw the draft of a branch away"),
        "trash-2",
        Tone.WARNING,
    )
    BRANCH_DRAFT_SCHEDULED = (
        "branch.draft_scheduled",
        gettext_noop("Set when the draft of a branch is published"),
        "calendar-clock",
        Tone.NEUTRAL,
    )
    BRANCH_DRAFT_UNSCHEDULED = (
        "branch.draft_unscheduled",
        gettext_noop("Called off the publication of a branch’s draft"),
        "calendar-clock",
        Tone.NEUTRAL,
    )
    BRANCH_DRAFT_SHARED = (
        "branch.draft_shared",
        gettext_noop("Made a link to the draft of a branch"),
        "link",
        Tone.NEUTRAL,
    )
    BRANCH_DRAFT_SHARE_ENDED = (
        "branch.draft_share_ended",
        gettext_noop("Ended the link to the draft of a branch"),
        "link",
        Tone.NEUTRAL,
    )
    BRAND_DRAFT_SHARE_ENDED = (
        "brand.draft_share_ended",
        gettext_noop("Ended the link to the draft of the brand"),
        "link",
        Tone.NEUTRAL,
    )

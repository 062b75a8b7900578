"""Everything that can be done with the brand, each in one transaction with its audit row."""

from branding.actions.branches import (
    add_branch,
    close_branch,
    delete_branch,
    give_host,
    open_branch,
)
from branding.actions.brand import change_brand, change_words, create_brand
from branding.actions.drafts import change_draft, discard_draft, end_share, share_draft
from branding.actions.fonts import add_font, remove_font
from branding.actions.versions import (
    publish_draft,
    publish_scheduled,
    restore_version,
    schedule_draft,
    unschedule_draft,
)

__all__ = [
    "add_branch",
    "add_font",
    "change_brand",
    "change_draft",
    "change_words",
    "close_branch",
    "create_brand",
    "delete_branch",
    "discard_draft",
    "end_share",
    "give_host",
    "open_branch",
    "publish_draft",
    "publish_scheduled",
    "remove_font",
    "restore_version",
    "schedule_draft",
    "share_draft",
    "unschedule_draft",
]

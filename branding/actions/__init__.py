"""Everything that can be done with the brand, each in one transaction with its audit row."""

from branding.actions.brand import change_brand, change_words, create_brand
from branding.actions.drafts import change_draft, discard_draft, end_share, share_draft
from branding.actions.versions import (
    publish_draft,
    publish_scheduled,
    restore_version,
    schedule_draft,
    unschedule_draft,
)

__all__ = [
    "change_brand",
    "change_draft",
    "change_words",
    "create_brand",
    "discard_draft",
    "end_share",
    "publish_draft",
    "publish_scheduled",
    "restore_version",
    "schedule_draft",
    "share_draft",
    "unschedule_draft",
]

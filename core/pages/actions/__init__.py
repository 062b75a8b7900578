"""What is done to the public site."""

from core.pages.actions.drafts import (
    add_page,
    add_section,
    change_page,
    change_section,
    move_section,
    remove_section,
    restore_version,
)
from core.pages.actions.links import end_share, share_draft
from core.pages.actions.pictures import drop_picture, keep_picture
from core.pages.actions.publication import (
    delete_page,
    move_page,
    publish_page,
    publish_scheduled,
    schedule_page,
    unpublish_page,
    unschedule_page,
)
from core.pages.actions.site import create_site

__all__ = [
    "add_page",
    "add_section",
    "change_page",
    "change_section",
    "create_site",
    "delete_page",
    "end_share",
    "drop_picture",
    "keep_picture",
    "move_page",
    "move_section",
    "publish_page",
    "publish_scheduled",
    "remove_section",
    "restore_version",
    "schedule_page",
    "share_draft",
    "unpublish_page",
    "unschedule_page",
]

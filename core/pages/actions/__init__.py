"""What is done to the public site."""

from core.pages.actions.drafts import (
    PageWords,
    add_page,
    add_section,
    change_page,
    change_section,
    move_section,
    remove_section,
    restore_version,
    write_page,
)
from core.pages.actions.front_pages import set_branches_of_front_page
from core.pages.actions.links import end_share, share_draft
from core.pages.actions.pictures import drop_picture, keep_picture, remove_picture, remove_unused_pictures
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
    "PageWords",
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
    "remove_picture",
    "remove_section",
    "remove_unused_pictures",
    "restore_version",
    "schedule_page",
    "set_branches_of_front_page",
    "share_draft",
    "unpublish_page",
    "unschedule_page",
    "write_page",
]

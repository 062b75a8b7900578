"""The names of this app's promises; their values stand in stored rows."""

PUBLISH_PAGE = "pages.publish"

"""The organization's public pages and help centre, by Wagtail, in its own schema."""

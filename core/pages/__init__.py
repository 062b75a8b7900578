"""The organization's public pages, by Wagtail, in its own schema."""

"""The public pages on an organization's host: which address shows which page. What they are stands in `core.pages`."""

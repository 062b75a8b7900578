"""A mail catcher: receives what the demo sends, keeps it raw, and shows it on a page and as JSON. Nothing leaves."""

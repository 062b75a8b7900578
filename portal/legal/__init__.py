"""Legal texts: written among the settings, read by everybody, answered and taken back by whom they concern."""

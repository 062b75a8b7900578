"""One view per noun: the calendar, the list, an appointment and what can happen to it, and the settings."""

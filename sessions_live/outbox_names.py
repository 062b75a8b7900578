"""Under which names the outbox keeps what is promised about live rooms. A stored name never changes."""

WATCH_SEATS = "sessions_live.watch_seats"
TELL_START = "sessions_live.tell_start"
TEXT_START = "sessions_live.text_start"

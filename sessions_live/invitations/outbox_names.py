"""Under which names the outbox keeps what is promised to invited guests. A stored name never changes."""

TELL_GUEST = "sessions_live.tell_guest"

"""Under which names the outbox keeps what is promised about recordings. A stored name never changes."""

WATCH_RECORDING = "sessions_live.watch_recording"
FINISH_RECORDING = "sessions_live.finish_recording"

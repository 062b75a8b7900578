"""Rules of messages, without a framework."""

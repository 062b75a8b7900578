"""Rules of senders, without a framework."""

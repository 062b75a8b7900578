"""The demo: every program of the house beside each other on one machine, started and watched by one supervisor."""

"""The demo: every program of the product beside each other on one machine, started and watched by one supervisor."""

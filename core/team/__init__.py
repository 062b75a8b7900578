"""The public cards of those who work here: written by themselves, released by whoever looks after staff, shown on the website."""

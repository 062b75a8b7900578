"""The operator console: its own people, sign-in and pages, on a host of its own, in the public schema."""

"""What every app stands on: money, clock, errors, audit, outbox, ids. Imports no app."""

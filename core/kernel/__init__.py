"""What every room stands on: money, clock, errors, audit, outbox, ids. Imports no room."""

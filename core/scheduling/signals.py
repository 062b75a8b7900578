"""News that scheduling announces. All are sent inside the transaction of the act: what a receiver writes stands or falls with it.

Every signal carries `appointment`, `by` (the acting person, or `audit.SYSTEM`) and `now`. The sender is the Appointment class.
"""

from django.dispatch import Signal

appointment_cancelled = Signal()
"""The whole appointment is off. Also: `cancellation`, whose `completion_type` is null when nothing is charged.

`cancellation.clients` are those whose place was given up by it.
"""

participant_cancelled = Signal()
"""One client left a group that goes on. Also: `participant` and `cancellation` (with that participant)."""

appointment_completed = Signal()
"""What became of the appointment is recorded. Also: `completion_type`, `charged_minutes` and `completion`.

`completion.attendances` holds one row per client with the share of the price that this client owes; `completion.wage_share` is the
practitioner's.
"""

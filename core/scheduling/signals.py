"""News that scheduling announces. All are sent inside the transaction of the act: what a receiver writes stands or falls with it.

Every signal carries `appointment`, `by` (the acting person, or `audit.SYSTEM`) and `now`. The sender is the Appointment class.
"""

from django.dispatch import Signal

appointment_booked = Signal()
"""It is on a schedule. Also: `clients`, and `is_self_booked`: by those whom it is for."""

appointment_cancelled = Signal()
"""The whole appointment is off. Also: `cancellation`, whose `completion_type` is null when nothing is charged.

`cancellation.clients` are those whose place was given up by it.
"""

participant_cancelled = Signal()
"""One client left a group that goes on. Also: `participant` and `cancellation` (with that participant)."""

places_freed = Signal()
"""A group may have places that it had not: it was made, moved, or somebody was taken out. Also: `left`, the ids of clients who have just left it."""

appointment_completed = Signal()
"""What became of the appointment is recorded. Also: `completion_type`, `charged_minutes` and `completion`.

`completion.attendances` holds one row per client with the share of the price that this client owes; `completion.wage_share` is the
practitioner's.
"""

appointment_time_changed = Signal()
"""It begins or ends at another time: moved, extended, or an extension taken back."""

appointment_delayed = Signal()
"""What comes before it was extended into it. Also: `until`, the new end of that; None once it begins on time after all."""

hours_opened = Signal()
"""Somebody may work more than before: `practitioner` (None: everybody), from `first_on` to `last_on`, `by` and `now`. The sender is StaffMember."""

work_handed_over = Signal()
"""A colleague has taken somebody's clients over. Also: `hand_over` and `with_resources`. A receiver answers {kind: keys} of what it moved."""

hand_over_undone = Signal()
"""It is taken back: `hand_over`, with what had moved, `by` and `now`."""

appointment_moved = Signal()
"""It has another time, or is on another schedule at the same one. Also: `previous`, the `Span` that it held before, and `left`, on whose schedule."""

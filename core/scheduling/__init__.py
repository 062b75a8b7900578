"""Appointments: booking, moving, cancelling by the policy, completing, and what people are told about them."""

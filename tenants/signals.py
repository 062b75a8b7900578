"""News about organizations."""

from django.dispatch import Signal

organization_created = Signal()
"""A new schema exists and is in force. Arguments: `organization`, `owner_email`, `owner_name`, `blueprint`, and what the caller added.
Sent inside the provisioning transaction: a receiver that fails undoes everything."""

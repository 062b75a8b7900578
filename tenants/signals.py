"""News about organizations."""

from django.dispatch import Signal

organization_created = Signal()
"""A new schema exists and is in force. Arguments: `organization`, `owner_email`, `owner_name`, `blueprint`, and what the caller added.
Sent inside the provisioning transaction: a receiver that fails undoes everything."""

upkeep_due = Signal()
"""Once a night, in each active organization's context. Arguments: `organization`, `now`. For deleting what has expired."""

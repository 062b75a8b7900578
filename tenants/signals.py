"""News about organizations."""

from django.dispatch import Signal

organization_created = Signal()
"""A new schema exists and is in force. Arguments: `organization`, `owner_email`, `owner_name`, `blueprint`, and what the caller added.
Sent inside the provisioning transaction: a receiver that fails undoes everything."""

upkeep_due = Signal()
"""Once a night, in each active organization's context. Arguments: `organization`, `now`. For deleting what has expired."""

usage_requested = Signal()
"""How much the organization in force uses is being measured. Argument: `since`, from when on sessions count. A receiver answers with its
numbers by the names of OrganizationUsage: `{"sessions": 12}`; whatever no receiver counts is 0."""

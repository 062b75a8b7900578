"""News about organizations."""

from django.dispatch import Signal

organization_created = Signal()
"""A new schema exists and is in force. Arguments: `organization`, `owner_email`, `owner_name`, `blueprint`, and what the caller added.
Sent inside the provisioning transaction: a receiver that fails undoes everything."""

usage_requested = Signal()
"""How much the organization in force uses is being measured. Argument: `since`, from when on sessions count. A receiver answers with its
numbers by the names of OrganizationUsage: `{"sessions": 12}`; whatever no receiver counts is 0."""

primary_host_changed = Signal()
"""Another host of the organization in force is the primary one now. Argument: `host`. Sent inside the transaction of the change."""

domain_state_changed = Signal()
"""A host of the organization in force is in another state. Arguments: `domain`, `before`, `after`. Sent inside the transaction of the change."""

host_branch_changed = Signal()
"""A host of the organization in force leads to another branch, or to none, from now on. Argument: `host`. Sent inside the transaction of the
change."""

host_released = Signal()
"""A host of the organization in force is not its own any more. Argument: `host`. Sent inside the transaction of the change."""

host_lost = Signal()
"""A host of the organization in force belongs to somebody else from now on, who has proved it after its DNS had moved away. Argument: `host`.
Sent inside the transaction of the change."""

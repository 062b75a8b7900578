"""Nobody gives away, or changes, more power than they have.

A person may give a role, and look after somebody who holds one, when everything that role allows is allowed to them as well. So an
administrator, who may not change the organization itself, can make no owner, demote none, and change no owner's login; an owner can.
docs/rules/ranks.md has a worked table.
"""

from core.people.roles import Role


def may_handle(giver: Role, role: Role) -> bool:
    """Whether somebody with the role `giver` may give `role`, or change a person who holds it."""
    return role.permissions <= giver.permissions

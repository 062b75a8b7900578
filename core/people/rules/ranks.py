"""Nobody gives away, or changes, more power than they have.

A person may give a role, and look after somebody who holds one, when everything that role allows is allowed to them as well. So an
administrator, who may not change the organization itself, can make no owner, demote none, and change no owner's login; an owner can.
docs/rules/ranks.md has a worked table.
"""

from typing import Protocol

from core.people.roles import Permission


class Holder(Protocol):
    """A role, or a person with what they may do in the end."""

    @property
    def permissions(self) -> frozenset[Permission]: ...


def may_handle(giver: Holder, other: Holder) -> bool:
    """Whether `giver` may give the role `other`, or change the person `other`."""
    return other.permissions <= giver.permissions

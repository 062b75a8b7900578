"""What one person may do in the end, and where each permission comes from.

The role comes first. An exception gives one permission that the role lacks, or withholds one that it carries, always with a reason. What is
withheld is withheld, whatever gives it. An exception stays when the role changes; owners have none, because they may do everything.
docs/rules/rights.md has a worked table.
"""

from enum import StrEnum

from core.people.roles import Permission


class Source(StrEnum):
    """Why somebody has a permission, or why not."""

    ROLE = "role"
    GIVEN = "given"
    WITHHELD = "withheld"
    NOT_IN_ROLE = "not in role"


def effective(
    role: frozenset[Permission], *, given: frozenset[Permission], withheld: frozenset[Permission]
) -> frozenset[Permission]:
    """What somebody with this role and these exceptions may do."""
    return (role | given) - withheld


def source_of(
    permission: Permission,
    role: frozenset[Permission],
    *,
    given: frozenset[Permission],
    withheld: frozenset[Permission],
) -> Source:
    """Where it comes from, or what keeps it away."""
    if permission in withheld:
        return Source.WITHHELD
    if permission in role:
        return Source.ROLE
    return Source.GIVEN if permission in given else Source.NOT_IN_ROLE

"""What organizations call their branches, whose rows are in their own schemas: told by the app that has them, at start-up."""

from collections.abc import Callable, Mapping
from uuid import UUID

Names = Callable[[], Mapping[UUID, str]]
_told_by: list[Names] = []


def register(names: Names) -> None:
    """Ask this function from now on; it answers for the organization in force."""
    _told_by[:] = [names]


def names_in_force() -> dict[UUID, str]:
    """Every branch of the organization in force, by its id."""
    return {key: name for told in _told_by for key, name in told().items()}

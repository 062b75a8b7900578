"""What keeps a branch from being deleted besides its people and hosts: told by the apps that have it."""

from collections.abc import Callable

from branding.branch_hosts import hosts_of
from branding.models import Branch

Use = Callable[[Branch], bool]
_uses: list[Use] = []


def register(use: Use) -> None:
    """Ask this function whether a branch is used. At start-up."""
    _uses.append(use)


def is_used(branch: Branch) -> bool:
    """Whether a host leads to it, somebody or something belongs to it, or it has said something that must stay."""
    return bool(hosts_of(branch)) or any(use(branch) for use in _uses)

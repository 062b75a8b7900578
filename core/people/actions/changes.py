"""What the actions share: requiring a right, and writing only what differs."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from branding.models import Branch
from core.kernel import time_zones
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from tenants import entitlements


def require(allowed: bool) -> None:
    """PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


def is_system(by: Any) -> bool:
    """Whether the product itself acts (provisioning, jobs); it has no role to ask."""
    return isinstance(by, System)


def checked_zone(name: str) -> str:
    """The IANA name, or `time_zone_unknown`. Everybody needs one: without it their times would be somebody else's."""
    if name not in time_zones.known():
        raise DomainError("time_zone_unknown", translate("Choose a time zone from the list."), field="time_zone")
    return name


def checked_branch(branch: Branch | None, *, before: Branch | None = None) -> None:
    """Refuse a branch at which nobody is met: `branch_closed`. What stands there already may stay."""
    if branch is None or branch == before:
        return
    entitlements.require(
        entitlements.BRANCHES, translate("Branches with a look of their own need another plan."), field="branch"
    )
    if not branch.is_active:
        raise DomainError("branch_closed", translate("%(branch)s is not active.", branch=branch.label), field="branch")


def write_changes(row: models.Model, values: Mapping[str, Any], *, private: Collection[str] = ()) -> dict[str, Any]:
    """Set the fields that differ, save them, and return {field: [old, new]} for the audit; private texts are named only."""
    changes: dict[str, Any] = {}
    for name, new in values.items():
        old = getattr(row, name)
        if old == new:
            continue
        setattr(row, name, new)
        changes[name] = ["…", "…"] if name in private else [_plain(old), _plain(new)]
    if changes:
        row.save(update_fields=list(changes))
    return changes


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)

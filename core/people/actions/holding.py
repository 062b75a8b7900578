"""What the actions on rights share: everybody concerned is held, so that two who change rights at once come one after the other."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions.changes import is_system
from core.people.models import OwnRole, StaffMember
from core.people.roles import OWNER, ROLES, Role


def hold(by: Any, staff: Iterable[UUID] = ()) -> dict[UUID, StaffMember]:
    """Lock these, all owners and `by` themselves until the end of the transaction, in one order; `by` acts with the rights that they have now.

    Returns the rows as they are now, by key.
    """
    wanted = Q(pk__in=set(staff)) | Q(role=OWNER.code)
    if not is_system(by):
        wanted |= Q(user_id=by.pk)
    rows = StaffMember.objects.select_for_update(of=("self",)).select_related("user").filter(wanted).order_by("pk")
    held = {row.pk: row for row in rows}
    if not is_system(by):
        mine = next((row for row in held.values() if row.user_id == by.pk), None)
        if mine is not None:
            by.staff_member = mine
    return held


def held_role(code: str) -> Role | OwnRole:
    """The role with this code, an own one locked, so that it is neither edited nor removed meanwhile. Error `role_unknown`."""
    if code in ROLES:
        return ROLES[code]
    try:
        return OwnRole.objects.select_for_update().get(pk=UUID(code))
    except (ValueError, OwnRole.DoesNotExist) as error:
        raise DomainError("role_unknown", translate("Choose a role from the list."), field="role") from error


def role_values(role: Role | OwnRole) -> dict[str, Any]:
    """The columns of a staff member who bears this role."""
    if isinstance(role, OwnRole):
        return {"role": role.base, "own_role": role, "role_carries": list(role.carries)}
    return {"role": role.code, "own_role": None, "role_carries": None}

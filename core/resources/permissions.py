"""Who uses resources, who changes one, and what colleagues find in the store: predicate, queryset and door side by side.

Everybody who works here has a list. A resource is seen by its owner, and by all colleagues while it is in the store; whoever had added it loses it
when it is taken out. It is changed by its owner alone; whoever runs the organization can take what a colleague shares out of the
store.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.permissions import is_active_staff
from core.people.roles import Permission
from core.resources.models import Card, Resource


class To(StrEnum):
    """What somebody wants to do with a resource."""

    SEE = "see"
    CHANGE = "change"
    WITHDRAW = "withdraw"


SEE, CHANGE, WITHDRAW = To.SEE, To.CHANGE, To.WITHDRAW


def can_have_resources(user: Any) -> bool:
    """Have a list, bring resources, and take from the store."""
    return is_active_staff(user)


def can_see_resource(user: Any, resource: Resource) -> bool:
    """Open and download it, and put it on one's list."""
    return can_have_resources(user) and (resource.owner_id == user.staff.pk or resource.is_shared)


def can_change_resource(user: Any, resource: Resource) -> bool:
    """Change, replace, share and delete it."""
    return can_have_resources(user) and resource.owner_id == user.staff.pk


def can_withdraw_resource(user: Any, resource: Resource) -> bool:
    """Take it out of the store."""
    if can_change_resource(user, resource):
        return True
    return can_see_resource(user, resource) and user.may(Permission.MANAGE_ORGANIZATION)


def resources_visible_to(user: Any) -> QuerySet[Resource]:
    """Every resource for which `can_see_resource` holds."""
    if not can_have_resources(user):
        return Resource.objects.none()
    return Resource.objects.filter(Q(owner=user.staff) | Q(shared_at__isnull=False))


def get_resource(user: Any, pk: UUID | str, *, to: To = SEE, kind: str = "") -> Resource:
    """The resource, for somebody who may do `to` with it; with `kind`, of that kind only.

    NotFound for strangers, PermissionDenied for those who only see it.
    """
    found = resources_visible_to(user).select_related("owner__user", "file__key").filter(pk=pk).first()
    if found is None or kind not in ("", found.kind):
        raise NotFound(f"resource {pk}")
    if not _RIGHTS[to](user, found):
        raise PermissionDenied
    return found


def get_card(user: Any, pk: UUID, card: UUID, *, to: To = SEE) -> Card:
    """A card of a set, for somebody who may do `to` with the set; with its files."""
    resource = get_resource(user, pk, to=to)
    found = cards_with_files(resource).filter(pk=card).first()
    if found is None:
        raise NotFound(f"card {card}")
    return found


def cards_with_files(resource: Resource) -> QuerySet[Card]:
    """The cards of a set in order, with what lies on them."""
    files = [f"{side}_{part}" for side in ("front", "back") for part in ("picture", "sound")]
    return Card.objects.filter(resource=resource).select_related("resource", *(f"{name}__key" for name in files))


_RIGHTS = {SEE: can_see_resource, CHANGE: can_change_resource, WITHDRAW: can_withdraw_resource}

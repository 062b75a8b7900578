"""The one door to django-guardian: rights over one object, given to one login."""

from typing import Any, TypeVar

from django.db import models, transaction
from guardian.shortcuts import assign_perm, get_objects_for_user, get_user_perms, get_users_with_perms, remove_perm

from core.kernel import audit
from core.people.audit_codes import PeopleAudit
from core.people.models import User

ADMINISTER_SCHEDULE = "administer_schedule"
AUDIT_CLIENT = "audit_client"

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def grant(user: User, right: str, to: models.Model, *, by: Any) -> None:
    """Give `user` the right over this one object. Giving it twice changes nothing."""
    if not _is_given(user, right, to):
        assign_perm(right, user, to)
        audit.record(
            PeopleAudit.GRANT_GIVEN, by=by, subject=to, changes={"right": [None, right], "user": [None, str(user.pk)]}
        )


@transaction.atomic
def revoke(user: User, right: str, over: models.Model, *, by: Any) -> None:
    """Take the right away; taking what was never given changes nothing."""
    if _is_given(user, right, over):
        remove_perm(right, user, over)
        audit.record(
            PeopleAudit.GRANT_REVOKED,
            by=by,
            subject=over,
            changes={"right": [right, None], "user": [str(user.pk), None]},
        )


def forget(over: models.Model) -> None:
    """Drop every right over an object that is about to go: its rows point by text, so the database would keep them."""
    for holder in get_users_with_perms(over, with_group_users=False):
        for right in get_user_perms(holder, over):
            remove_perm(right, holder, over)


def holds(user: User, right: str, over: models.Model) -> bool:
    return user.is_active and user.has_perm(_full(right, over), over)


def granted(user: User, right: str, model: type[M]) -> "models.QuerySet[M]":
    """The objects of `model` over which `user` was given the right, also while their access is off."""
    return get_objects_for_user(
        user, right, klass=model, use_groups=False, with_superuser=False, accept_global_perms=False
    )


def holders(right: str, over: models.Model) -> "models.QuerySet[User]":
    """The logins that hold the right over this object."""
    return get_users_with_perms(over, only_with_perms_in=[right], with_group_users=False)


def _is_given(user: User, right: str, over: models.Model) -> bool:
    """Whether the row is there, also of a login whose access is off: whether the right may be used now, `holds` says."""
    return granted(user, right, type(over)).filter(pk=over.pk).exists()


def _full(right: str, over: models.Model) -> str:
    return f"{over._meta.app_label}.{right}"

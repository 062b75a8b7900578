"""Exceptions of one person: a permission that their role lacks, or one withheld that it carries. Each with a reason; in force at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.actions.changes import require
from core.people.actions.holding import hold
from core.people.audit_codes import PeopleAudit
from core.people.models import PermissionException, StaffMember, User
from core.people.permissions import can_change_staff
from core.people.roles import CODES, OWNER, Permission
from core.people.signals import access_changed

LONGEST_REASON = 300


@transaction.atomic
def make_exception(
    *, staff: StaffMember, permission: str, is_given: bool, reason: str, by: Any, now: datetime
) -> PermissionException:
    """Give somebody one permission that their role lacks, or withhold one that it carries.

    Errors: `permission_unknown`, `reason_missing`, `own_rights`, `owner_rights`, `exception_stands`, `exception_needless`; PermissionDenied for
    more than `by` holds.
    """
    held, right = _held(staff, permission, by)
    reason = unseen.one_line(reason)[:LONGEST_REASON]
    if not reason:
        raise DomainError("reason_missing", translate("Say why, so that others understand it later."), field="reason")
    if is_given:
        require(by.may(right))
    if right in {*held.given, *held.withheld}:
        raise ConflictError("exception_stands", translate("There is an exception for this already. End it first."))
    if is_given == (right in held.role_permissions):
        raise ConflictError("exception_needless", translate("The role says so already."))
    made = PermissionException.objects.create(
        staff=held, permission=right, is_given=is_given, reason=reason, made_by=str(by)[:200], made_at=now
    )
    column = "given" if is_given else "withheld"
    _write(held, column, {*getattr(held, column), right.value}, now=now)
    code = PeopleAudit.PERMISSION_GIVEN if is_given else PeopleAudit.PERMISSION_WITHHELD
    audit.record(code, by=by, subject=held, changes={"permission": [None, right.value]}, reason=reason)
    return made


@transaction.atomic
def end_exception(*, staff: StaffMember, permission: str, by: Any, now: datetime) -> None:
    """Go back to what the role says. To end a withholding is to give: only what `by` holds. Ending what is not there changes nothing."""
    held, right = _held(staff, permission, by)
    found = PermissionException.objects.filter(staff=held, permission=right).first()
    if found is None:
        return
    if not found.is_given:
        require(by.may(right))
    column = "given" if found.is_given else "withheld"
    found.delete()
    _write(held, column, {*getattr(held, column)} - {right.value}, now=now)
    changes = {"permission": [right.value, None]}
    audit.record(PeopleAudit.PERMISSION_EXCEPTION_ENDED, by=by, subject=held, changes=changes)


def _held(staff: StaffMember, permission: str, by: Any) -> tuple[StaffMember, Permission]:
    """The row, locked, for whoever may change this person's rights; and which permission it is about."""
    rows = hold(by, [staff.pk])
    held = rows[staff.pk]
    require(can_change_staff(by, held))
    if permission not in CODES:
        raise DomainError("permission_unknown", translate("Choose from the list."), field="permission")
    if held.user_id == by.pk:
        raise DomainError("own_rights", translate("You cannot change your own rights. Ask a colleague to do it."))
    if held.role == OWNER.code:
        raise DomainError(
            "owner_rights",
            translate("Owners may do everything. Give %(name)s another role first.", name=held.user.name),
        )
    return held, Permission(permission)


def _write(staff: StaffMember, column: str, codes: set[str], *, now: datetime) -> None:
    setattr(staff, column, sorted(codes))
    staff.save(update_fields=[column])
    access_changed.send(User, user=staff.user, now=now)

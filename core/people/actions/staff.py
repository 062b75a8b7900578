"""Staff: invited, changed, and their roles, status and rights over schedules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from branding.models import Branch
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people import grants, queries
from core.people.actions.changes import checked_branch, is_system, require, write_changes
from core.people.actions.holding import held_role, hold, role_values
from core.people.actions.invitations import invite_login
from core.people.actions.linked_logins import login_for
from core.people.actions.logins import end_sessions_of_those_shut_out, keep_an_owner
from core.people.audit_codes import PeopleAudit
from core.people.models import OwnRole, StaffMember, User
from core.people.permissions import can_change_staff
from core.people.roles import OWNER, Permission, Role
from core.people.rules.ranks import may_handle
from core.people.signals import access_changed


@transaction.atomic
def invite_staff_member(
    *,
    email: str,
    name: str,
    role: str,
    time_zone: str,
    by: Any,
    now: datetime,
    language: str = "",
    existing: bool = False,
    **values: Any,
) -> StaffMember:
    """Add somebody who works here, and mail them an invitation in the name of `by`.

    `values`: title, phone, color. `existing` makes a colleague of the login that has this address. Errors: `email_taken`,
    `staff_limit`, `already_staff`, `role_unknown`, `time_zone_unknown`; PermissionDenied for a role above one's own.
    """
    require(is_system(by) or by.may(Permission.MANAGE_STAFF))
    given = _role_to_give(by, role)
    _require_seat()
    user = login_for(email, name, time_zone, language, existing=existing, by=by)
    if StaffMember.objects.filter(user=user).exists():
        raise DomainError("already_staff", translate("%(user)s works here already.", user=user), field="email")
    staff = StaffMember.objects.create(user=user, **role_values(given), **values)
    audit.record(PeopleAudit.STAFF_ADDED, by=by, subject=staff, changes={"role": [None, _named(given)]})
    if not user.has_usable_password():
        invite_login(login=user, by=by, now=now)
    return staff


@transaction.atomic
def change_staff_member(*, staff: StaffMember, by: Any, now: datetime, **values: Any) -> StaffMember:
    """Change title, telephone and colour; to which branch somebody belongs, only others decide. Error `branch_closed`."""
    require(can_change_staff(by, staff) or ("branch" not in values and by.pk == staff.user_id))
    if "branch" in values:
        checked_branch(values["branch"], before=staff.branch)
    changes = write_changes(staff, values)
    if changes:
        audit.record(PeopleAudit.STAFF_CHANGED, by=by, subject=staff, changes=changes)
    return staff


@transaction.atomic
def put_staff_into_branch(*, staff: Iterable[StaffMember], branch: Branch | None, by: Any, now: datetime) -> int:
    """Let several colleagues belong to a branch, or to none; returns for how many that was new. Error `branch_closed`; all of it or nothing."""
    changed = 0
    for each in sorted(staff, key=lambda one: one.pk):  # one order, because two at once must not deadlock
        if each.branch_id != (branch.pk if branch else None):
            change_staff_member(staff=each, by=by, now=now, branch=branch)
            changed += 1
    return changed


@transaction.atomic
def change_role(*, staff: StaffMember, role: str, by: Any, now: datetime) -> StaffMember:
    """Give another role, by its code: neither the old nor the new one above one's own, and never taking the last owner away.

    Exceptions stay, but for those of an owner. Error: `role_unknown`.
    """
    given = held_role(role)
    held = hold(by, [staff.pk])[staff.pk]
    require(can_change_staff(by, held))
    _require_rank(by, given)
    before = held.role_definition
    if before.code == given.code:
        return held
    if given.code != OWNER.code:
        keep_an_owner(held)
    _write_role(held, given)
    changes = {"role": [_named(before), _named(given)]}
    audit.record(PeopleAudit.STAFF_ROLE_CHANGED, by=by, subject=held, changes=changes)
    access_changed.send(User, user=held.user, now=now)
    return held


def _write_role(staff: StaffMember, role: Role | OwnRole) -> None:
    """The role; exceptions stay, but for those of an owner, who may do everything."""
    values = role_values(role)
    if role.code == OWNER.code:
        values |= {"given": [], "withheld": []}
        staff.exceptions.all().delete()
    for name, value in values.items():
        setattr(staff, name, value)
    staff.save(update_fields=list(values))


@transaction.atomic
def change_staff_status(*, staff: StaffMember, status: str, by: Any, now: datetime) -> StaffMember:
    """Make somebody active or inactive. Inactive ends their sessions and frees a place of the plan."""
    require(can_change_staff(by, staff))
    if status not in StaffMember.Status.values:
        raise DomainError("status_unknown", translate("Choose active or inactive."), field="status")
    if staff.status == status:
        return staff
    if status == StaffMember.Status.ACTIVE:
        _require_seat()
    else:
        if staff.user_id == by.pk:
            raise DomainError("own_access", translate("You cannot make yourself inactive. Ask a colleague to do it."))
        keep_an_owner(staff)
    changes = write_changes(staff, {"status": status})
    audit.record(PeopleAudit.STAFF_STATUS_CHANGED, by=by, subject=staff, changes=changes)
    end_sessions_of_those_shut_out([staff.user], now=now)
    return staff


@transaction.atomic
def grant_schedule_admin(*, holder: StaffMember, over: StaffMember, by: Any, now: datetime) -> None:
    """Let a colleague view, change and add appointments on somebody's schedule."""
    require(can_change_staff(by, over))
    if holder.pk == over.pk:
        raise DomainError(
            "own_schedule", translate("Everybody looks after their own schedule already."), field="holder"
        )
    if not holder.is_active:
        raise DomainError("staff_inactive", translate("%(holder)s is not active.", holder=holder), field="holder")
    grants.grant(holder.user, grants.ADMINISTER_SCHEDULE, over, by=by)


@transaction.atomic
def revoke_schedule_admin(*, holder: StaffMember, over: StaffMember, by: Any, now: datetime) -> None:
    """Take that right away."""
    require(can_change_staff(by, over))
    grants.revoke(holder.user, grants.ADMINISTER_SCHEDULE, over, by=by)
    access_changed.send(User, user=holder.user, now=now)


def _role_to_give(by: Any, code: str) -> Role | OwnRole:
    role = held_role(code)
    hold(
        by, StaffMember.objects.values_list("pk", flat=True)
    )  # all, because the seats are counted next, in the same order
    require(is_system(by) or by.may(Permission.MANAGE_STAFF))
    _require_rank(by, role)
    return role


def _require_rank(by: Any, role: Role | OwnRole) -> None:
    if not is_system(by) and not (by.staff is not None and may_handle(by.staff, role)):
        raise PermissionDenied


def _named(role: Role | OwnRole) -> str:
    """As the audit keeps it: an own role by its title, because it can be gone one day."""
    return role.title if isinstance(role, OwnRole) else role.code


def _require_seat() -> None:
    """`staff_limit` when the plan has no place left. The rows are locked, so that two invitations cannot share the last place."""
    list(StaffMember.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    taken, limit = queries.staff_seats()
    if limit is not None and taken >= limit:
        raise DomainError(
            "staff_limit",
            translate(
                "The plan has %(limit)s places for active %(staff_members)s. Make somebody inactive, or choose a larger plan.",
                limit=limit,
            ),
        )

"""Logins: made, changed, and their access switched on and off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from branding.queries import current_brand
from core.kernel import audit, unseen
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.models import PushSubscription
from core.people import notifications, queries
from core.people.actions.changes import checked_zone, is_system, require, write_changes
from core.people.audit_codes import PeopleAudit
from core.people.models import Invitation, StaffMember, User
from core.people.permissions import can_manage_login
from core.people.roles import OWNER
from core.people.rules.sign_in import sign_in_refusal
from core.people.signals import access_changed, access_ended, access_gained


def new_login(*, email: str, name: str, time_zone: str, language: str = "", by: Any) -> User:
    """Create a login without a password, reading the organization's first language unless another is given.

    `email_taken` when the address has one already. For the actions of this room: no door.
    """
    address = unseen.address(email).lower()
    checked_zone(time_zone)
    if queries.login_by_email(address) is not None:
        raise _taken(address)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email=address,
                name=unseen.one_line(name),
                time_zone=time_zone,
                language=language or current_brand().language,
            )
    except IntegrityError as error:  # because somebody else added the same address in the meantime
        raise _taken(address) from error
    audit.record(PeopleAudit.LOGIN_ADDED, by=by, subject=user)
    return user


def _taken(address: str) -> DomainError:
    return DomainError(
        "email_taken",
        translate("%(address)s already has a login here. Link that login instead.", address=address),
        field="email",
    )


@transaction.atomic
def change_login(*, login: User, by: Any, now: datetime, **values: Any) -> User:
    """Change name, e-mail address, time zone or language of somebody's login. Another address ends the sessions of the old one."""
    require(can_manage_login(by, login))
    if "time_zone" in values:
        checked_zone(values["time_zone"])
    if "email" in values:
        values["email"] = unseen.address(values["email"]).lower()
        if User.objects.filter(email__iexact=values["email"]).exclude(pk=login.pk).exists():
            raise DomainError("email_taken", translate("Another login has this address."), field="email")
    changes = write_changes(login, values)
    if changes:
        audit.record(PeopleAudit.LOGIN_CHANGED, by=by, subject=login, changes=changes)
    if "email" in changes:
        withdraw_open_invitations(login, now=now)
        end_sessions(login, now=now)
    return login


@transaction.atomic
def change_profile(*, by: User, now: datetime, name: str, time_zone: str, language: str, short_name: str = "") -> User:
    """Change what belongs to oneself; the address of a login is changed by those who look after it."""
    names = {"name": unseen.one_line(name), "short_name": unseen.one_line(short_name)}
    values = {**names, "time_zone": checked_zone(time_zone), "language": language}
    changes = write_changes(by, values)
    if changes:
        audit.record(PeopleAudit.PROFILE_CHANGED, by=by, subject=by, changes=changes)
    return by


@transaction.atomic
def switch_access(*, login: User, may_log_in: bool, by: Any, now: datetime) -> User:
    """Switch "may log in". Off ends every session at once and closes open invitations; the address stays reserved, the data stays."""
    require(can_manage_login(by, login))
    if not may_log_in:
        if login.pk == by.pk:
            raise DomainError(
                "own_access", translate("You cannot switch off your own access. Ask a colleague to do it.")
            )
        keep_an_owner(StaffMember.objects.filter(user=login).first())
    locked = User.objects.select_for_update().get(pk=login.pk)
    if locked.is_active == may_log_in:
        return login
    login.is_active = may_log_in
    login.save(update_fields=["is_active"])
    audit.record(PeopleAudit.LOGIN_SWITCHED_ON if may_log_in else PeopleAudit.LOGIN_SWITCHED_OFF, by=by, subject=login)
    if not may_log_in:
        withdraw_open_invitations(login, now=now)
        end_sessions(login, now=now)
    else:
        access_gained.send(User, user=login, by=by, now=now)
    return login


@transaction.atomic
def send_password_reset(*, login: User, by: Any, now: datetime) -> None:
    """Mail a link for a new password to somebody who has set one before."""
    require(is_system(by) or can_manage_login(by, login))
    if sign_in_refusal(queries.login_facts(login)) is not None:
        raise DomainError("not_active", translate("%(login)s may not sign in at present.", login=login))
    audit.record(PeopleAudit.LOGIN_PASSWORD_RESET_SENT, by=by, subject=login)
    notifications.password_reset_requested(login)


def end_sessions(login: User, *, now: datetime, keep_device: int | None = None) -> None:
    """End every session of a login: their cookies are worthless from the next request on, and open pages hang up at once.

    Their devices take no push messages any more, but for the one that is kept.
    """
    end_push(login, keep_device=keep_device)
    User.objects.filter(pk=login.pk).update(session_generation=F("session_generation") + 1)
    login.refresh_from_db(fields=["session_generation"])
    access_ended.send(User, user=login, now=now)
    notices.hang_up(login.pk)


def end_push(login: User, *, keep_device: int | None = None) -> None:
    """The login's devices take no push messages any more, but for this one."""
    PushSubscription.objects.filter(user_id=login.pk).exclude(device_id=keep_device or 0).delete()


def end_sessions_of_those_shut_out(logins: Iterable[User], *, now: datetime) -> None:
    """After a status or a tie has changed: whoever may no longer sign in is signed out; the others may reach less."""
    for login in logins:
        if sign_in_refusal(queries.login_facts(login)) is not None:
            end_sessions(login, now=now)
        else:
            access_changed.send(User, user=login, now=now)


def withdraw_open_invitations(login: User, *, now: datetime) -> int:
    """Make every open link of a login worthless; returns how many there were."""
    still_open = Invitation.objects.filter(user=login, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return still_open.update(withdrawn_at=now)


def keep_an_owner(staff: StaffMember | None) -> None:
    """`last_owner` when taking this person away would leave nobody who can run the organization."""
    if staff is None or staff.role != OWNER.code:
        return
    owners = set(queries.active_owners().select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if owners <= {staff.pk}:
        raise DomainError(
            "last_owner", translate("%(name)s is the only owner. Make somebody else an owner first.", name=staff)
        )

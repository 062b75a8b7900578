"""Roles that an organization makes itself: copied, edited, and removed once nobody bears them. Whoever bears one may do what it says from then on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate, translate_plural
from core.people.actions.changes import require
from core.people.actions.holding import held_role, hold
from core.people.audit_codes import PeopleAudit
from core.people.models import OwnRole, StaffMember, User
from core.people.permissions import can_change_role, can_make_roles
from core.people.roles import CODES, ROLES, Permission, base_of
from core.people.signals import access_changed

MOST = 40


@transaction.atomic
def add_role(
    *, title: str, description: str, copied_from: str, permissions: Iterable[str], by: Any, now: datetime
) -> OwnRole:
    """Make a role, copied from another (its code), with these permissions: never more than `by` holds.

    Errors: `role_unknown`, `title_missing`, `title_taken`, `permission_unknown`, `role_empty`, `many_roles`.
    """
    source = held_role(copied_from)
    hold(by)
    require(can_make_roles(by))
    carries = _checked(permissions, by)
    if OwnRole.objects.count() >= MOST:
        raise DomainError("many_roles", translate("There can be %(most)s roles of your own.", most=MOST))
    base = source.base if isinstance(source, OwnRole) else base_of(source.code)
    role = OwnRole(base=base, carries=carries, created_at=now)
    _name(role, title, description)
    changes = {"title": [None, role.title], "carries": [None, carries]}
    audit.record(PeopleAudit.ROLE_ADDED, by=by, subject=role, changes=changes)
    return role


@transaction.atomic
def change_role_definition(
    *, role: OwnRole, title: str, description: str, permissions: Iterable[str], by: Any, now: datetime
) -> OwnRole:
    """Rename it, and say what it carries: for whoever bears it, from the next thing they do on. Errors as above."""
    held = held_role(role.code)
    assert isinstance(held, OwnRole)
    bearers = list(StaffMember.objects.filter(own_role=held).order_by("pk").values_list("pk", flat=True))
    rows = hold(by, bearers)
    require(can_change_role(by, held))
    carries, before = _checked(permissions, by), sorted(held.carries)
    _refuse_on_oneself(by, held)
    changes: dict[str, Any] = {}
    for name, new in (("title", unseen.one_line(title)), ("description", unseen.one_line(description))):
        if getattr(held, name) != new:
            changes[name] = [getattr(held, name), new]
    if before != carries:
        changes["carries"] = [before, carries]
    if not changes:
        return held
    held.carries = carries
    _name(held, title, description)
    audit.record(PeopleAudit.ROLE_CHANGED, by=by, subject=held, changes=changes)
    if "carries" in changes:
        StaffMember.objects.filter(pk__in=bearers).update(role_carries=carries)
        for key in bearers:
            access_changed.send(User, user=rows[key].user, now=now)
    return held


@transaction.atomic
def remove_role(*, role: OwnRole, by: Any, now: datetime) -> None:
    """Remove a role that nobody bears, former colleagues included. Error: `role_borne`."""
    held = held_role(role.code)
    assert isinstance(held, OwnRole)
    hold(by)
    require(can_change_role(by, held))
    number = held.bearers.count()
    if number:
        raise ConflictError(
            "role_borne",
            translate_plural(
                "%(number)s person bears this role. Give them another one first.",
                "%(number)s people bear this role. Give them another one first.",
                number,
            ),
        )
    audit.record(PeopleAudit.ROLE_REMOVED, by=by, subject=held, changes={"title": [held.title, None]})
    held.delete()


def _checked(permissions: Iterable[str], by: Any) -> list[str]:
    """The codes, known, sorted, and none that `by` lacks."""
    codes = sorted({str(code) for code in permissions})
    if any(code not in CODES for code in codes):
        raise DomainError("permission_unknown", translate("Choose from the list."), field="permissions")
    if not codes:
        raise DomainError(
            "role_empty", translate("Choose at least one thing that the role allows."), field="permissions"
        )
    if any(not by.may(Permission(code)) for code in codes):
        raise PermissionDenied("You cannot give what you do not hold yourself.")
    return codes


def _refuse_on_oneself(by: Any, role: OwnRole) -> None:
    if by.staff is not None and by.staff.own_role_id == role.pk:
        raise DomainError("own_rights", translate("You bear this role yourself. Ask a colleague to change it."))


def _name(role: OwnRole, title: str, description: str) -> None:
    """Save it under this title, which no other role has."""
    role.title, role.description = unseen.one_line(title), unseen.one_line(description)
    if not role.title:
        raise DomainError("title_missing", translate("Enter a name."), field="title")
    taken = DomainError("title_taken", translate("Another role has this name."), field="title")
    if role.title.casefold() in {each.name.casefold() for each in ROLES.values()}:
        raise taken
    if OwnRole.objects.filter(title__iexact=role.title).exclude(pk=role.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:  # because somebody else took the name in the meantime
        raise taken from error

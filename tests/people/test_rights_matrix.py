"""The permission matrix, generated: every role × every permission × every object × every action, with explicit refusals.

What is expected of each cell is written down here, apart from the product; the door, the queryset and the page must all say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from billing import permissions as money
from billing.permissions import MANAGE, RECORD
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import permissions
from core.people.models import Assignment, Client, OwnRole, StaffMember, User
from core.people.permissions import CHANGE, READ_INFORMATION
from core.people.roles import OWNER, PRACTITIONER, ROLES, Permission
from core.records.permissions import can_keep_records
from core.scheduling import permissions as calendar
from tests.factories.scheduling import book, tomorrow
from tests.factories.till import issue, make_till

P = Permission
Held = frozenset[Permission]

YES, FORBIDDEN, UNSEEN = "yes", "forbidden", "unseen"
STATUS = {YES: 200, FORBIDDEN: 403, UNSEEN: 404}


@dataclass(frozen=True)
class Holder:
    """Somebody with a role and perhaps an exception, by name, and what they come to."""

    name: str
    columns: dict[str, Any]
    permissions: Held


def holders() -> list[Holder]:
    """Each built-in role; each permission alone in an own role, given beyond the least role, withheld from the greatest that can lack it."""
    greatest, least = ROLES["administrator"], PRACTITIONER
    found = [Holder(code, {"role": code}, role.permissions) for code, role in ROLES.items()]
    for each in P:
        alone = {"role": "practitioner", "role_carries": [each.value]}
        found.append(Holder(f"only {each.value}", alone, frozenset({each})))
        given = {"role": least.code, "given": [each.value]}
        found.append(Holder(f"practitioner and {each.value}", given, least.permissions | {each}))
        withheld = {"role": greatest.code, "withheld": [each.value]}
        found.append(Holder(f"administrator without {each.value}", withheld, greatest.permissions - {each}))
    return found


@dataclass(frozen=True)
class Cell:
    """An action on an object: what is expected, and how the door, the queryset and the page are asked."""

    name: str
    expected: Callable[[Held], str]
    door: Callable[[SimpleNamespace], Any] | None = None
    seen: Callable[[SimpleNamespace], bool] | None = None
    page: Callable[[SimpleNamespace], str] | None = None


def when(allowed: bool, otherwise: str = FORBIDDEN) -> str:
    return YES if allowed else otherwise


def all_clients(held: Held, allowed: bool) -> str:
    """For a client to whom they are not assigned."""
    return when(allowed) if P.SEE_ALL_CLIENTS in held else UNSEEN


def on_schedule(held: Held, *, own: bool) -> str:
    return when(P.MANAGE_ALL_SCHEDULES in held or (own and P.OWN_SCHEDULE in held), UNSEEN)


def of_invoice(held: Held, *, seen: bool) -> bool:
    return P.MANAGE_BILLING in held or (P.TAKE_PAYMENTS in held and (seen or P.SEE_ALL_CLIENTS in held))


def payment(held: Held, *, seen: bool) -> str:
    if P.TAKE_PAYMENTS not in held:
        return FORBIDDEN
    return when(of_invoice(held, seen=seen), UNSEEN)


def of_people(held: Held, others: Held) -> str:
    return when(P.MANAGE_STAFF in held and others <= held)


def page(name: str, *keys: str) -> Callable[[SimpleNamespace], str]:
    return lambda at: reverse(name, args=[getattr(at, key).pk for key in keys])


def client_page(name: str, key: str) -> Callable[[SimpleNamespace], str]:
    return lambda at: reverse(name, args=[getattr(at, key).pk])


CELLS = [
    # assigned to them
    Cell("see a client of theirs", lambda held: YES, lambda at: permissions.get_client(at.user, at.mine.pk),
         lambda at: at.mine in permissions.clients_visible_to(at.user), client_page("people:client", "mine")),
    Cell("change a client of theirs", lambda held: when(P.MANAGE_CLIENTS in held),
         lambda at: permissions.get_client(at.user, at.mine.pk, to=CHANGE), None, client_page("people:client_change", "mine")),
    Cell("read information about a client of theirs", lambda held: when(P.SEE_CLIENT_INFORMATION in held),
         lambda at: permissions.get_client(at.user, at.mine.pk, to=READ_INFORMATION), None,
         client_page("people:client_former_information", "mine")),
    Cell("keep records of a client of theirs", lambda held: when(bool({P.KEEP_RECORDS, P.SEE_ALL_RECORDS} & held), ""),
         None, lambda at: can_keep_records(at.user, at.mine)),
    # assigned to a colleague
    Cell("see a client of a colleague", lambda held: all_clients(held, True), lambda at: permissions.get_client(at.user, at.other.pk),
         lambda at: at.other in permissions.clients_visible_to(at.user), client_page("people:client", "other")),
    Cell("change a client of a colleague", lambda held: all_clients(held, P.MANAGE_CLIENTS in held),
         lambda at: permissions.get_client(at.user, at.other.pk, to=CHANGE), None, client_page("people:client_change", "other")),
    Cell("read information about a client of a colleague", lambda held: all_clients(held, P.SEE_CLIENT_INFORMATION in held),
         lambda at: permissions.get_client(at.user, at.other.pk, to=READ_INFORMATION), None,
         client_page("people:client_former_information", "other")),
    # colleagues
    Cell("change a practitioner", lambda held: of_people(held, PRACTITIONER.permissions),
         lambda at: permissions.get_staff_member(at.user, at.colleague.pk, to=CHANGE),
         lambda at: at.colleague in permissions.staff_changeable_by(at.user), page("people:staff_role", "colleague")),
    Cell("change an owner", lambda held: of_people(held, OWNER.permissions),
         lambda at: permissions.get_staff_member(at.user, at.owner.pk, to=CHANGE),
         lambda at: at.owner in permissions.staff_changeable_by(at.user), page("people:staff_role", "owner")),
    Cell("change an own role", lambda held: of_people(held, frozenset({P.OWN_SCHEDULE, P.KEEP_RECORDS})),
         lambda at: permissions.get_own_role(at.user, at.role.pk, to=CHANGE),
         lambda at: at.role in permissions.roles_changeable_by(at.user), page("people:role", "role")),
    Cell("make a role", lambda held: when(P.MANAGE_STAFF in held), None, None, page("people:role_new")),
    # appointments
    Cell("see an appointment of theirs", lambda held: on_schedule(held, own=True),
         lambda at: calendar.get_appointment(at.user, at.own_appointment.pk),
         lambda at: at.own_appointment in calendar.appointments_visible_to(at.user), page("scheduling:appointment", "own_appointment")),
    Cell("change an appointment of theirs", lambda held: on_schedule(held, own=True),
         lambda at: calendar.get_appointment(at.user, at.own_appointment.pk, to=calendar.CHANGE),
         lambda at: at.me in calendar.schedules_run_by(at.user), page("scheduling:edit", "own_appointment")),
    Cell("see an appointment of a colleague", lambda held: on_schedule(held, own=False),
         lambda at: calendar.get_appointment(at.user, at.their_appointment.pk),
         lambda at: at.their_appointment in calendar.appointments_visible_to(at.user), page("scheduling:appointment", "their_appointment")),
    Cell("change an appointment of a colleague", lambda held: on_schedule(held, own=False),
         lambda at: calendar.get_appointment(at.user, at.their_appointment.pk, to=calendar.CHANGE),
         lambda at: at.colleague in calendar.schedules_run_by(at.user), page("scheduling:edit", "their_appointment")),
    Cell("add an appointment", lambda held: when(P.ADD_APPOINTMENTS in held and bool({P.OWN_SCHEDULE, P.MANAGE_ALL_SCHEDULES} & held)),
         None, None, page("scheduling:new")),
    # money
    Cell("see an invoice of a client of theirs", lambda held: when(of_invoice(held, seen=True), UNSEEN),
         lambda at: money.get_invoice(at.user, at.my_invoice.pk),
         lambda at: money.can_see_invoice(at.user, at.my_invoice) and at.my_invoice in money.invoices_visible_to(at.user),
         page("billing:invoice", "my_invoice")),
    Cell("see an invoice of a client of a colleague", lambda held: when(of_invoice(held, seen=False), UNSEEN),
         lambda at: money.get_invoice(at.user, at.their_invoice.pk),
         lambda at: money.can_see_invoice(at.user, at.their_invoice) and at.their_invoice in money.invoices_visible_to(at.user),
         page("billing:invoice", "their_invoice")),
    Cell("note a payment of a client of theirs", lambda held: payment(held, seen=True), None, None, page("billing:invoice-payment", "my_invoice")),
    Cell("note a payment of a client of a colleague", lambda held: payment(held, seen=False), None, None,
         page("billing:invoice-payment", "their_invoice")),
    Cell("take a payment at the door", lambda held: when(P.TAKE_PAYMENTS in held and of_invoice(held, seen=True),
                                                         FORBIDDEN if of_invoice(held, seen=True) else UNSEEN),
         lambda at: money.get_invoice(at.user, at.my_invoice.pk, to=RECORD)),
    Cell("write a credit note", lambda held: when(P.MANAGE_BILLING in held, FORBIDDEN if of_invoice(held, seen=True) else UNSEEN),
         lambda at: money.get_invoice(at.user, at.my_invoice.pk, to=MANAGE)),
    Cell("set services", lambda held: when(P.MANAGE_BILLING in held), None, None, page("billing:service-new")),
    Cell("set wages", lambda held: when(P.MANAGE_WAGES in held), None, None, page("billing:payout-run-new")),
    # the organization
    Cell("change the organization", lambda held: when(P.MANAGE_ORGANIZATION in held), None, None, page("settings:details")),
    Cell("connect hosts", lambda held: when(P.MANAGE_HOSTS in held), None, None, page("settings:domains")),
    Cell("set the sender", lambda held: when(P.MANAGE_SENDER in held), None, None, page("settings:sender")),
    Cell("write legal texts", lambda held: when(P.MANAGE_LEGAL_TEXTS in held), None, None, page("legal:texts")),
    Cell("read the audit", lambda held: when(P.SEE_AUDIT in held), None, None, page("settings:audit")),
    Cell("write templates for notes", lambda held: when(P.SEE_ALL_RECORDS in held), None, None, page("note_templates:list")),
    Cell("look after agents", lambda held: when(P.MANAGE_CLIENTS in held), None, None, page("people:agents")),
]  # fmt: skip


@pytest.fixture
def at(cast):
    """The objects of the matrix, and the person whose rights are tried."""
    make_till(cast)
    login = User.objects.create_user(email="hal@north.test", name="Hal Holder", time_zone="Europe/Berlin")
    me = StaffMember.objects.create(user=login, role="practitioner")
    other = Client.objects.create(first_name="Otto", time_zone="Europe/Berlin")
    Assignment.objects.create(client=cast.cora, practitioner=me)
    Assignment.objects.create(client=other, practitioner=cast.tess_staff)
    now = clock.now()
    own = book(cast, practitioner=me, clients=[cast.cora], by=cast.nora, now=now)
    theirs = book(cast, clients=[other], at=tomorrow(14), by=cast.nora, now=now)
    return SimpleNamespace(
        cast=cast, login=login, me=me, mine=cast.cora, other=other, colleague=cast.tess_staff, owner=cast.nora_staff,
        own_appointment=own, their_appointment=theirs, my_invoice=issue(cast, cast.cora), their_invoice=issue(cast, other),
        role=OwnRole.objects.create(title="Teacher", base="practitioner", carries=["own_schedule", "keep_records"]),
    )  # fmt: skip


def became(ask: Callable[[SimpleNamespace], Any], at: SimpleNamespace) -> str:
    try:
        ask(at)
    except PermissionDenied:
        return FORBIDDEN
    except NotFound:
        return UNSEEN
    return YES


@pytest.mark.parametrize("holder", holders(), ids=lambda each: each.name)
def test_every_door_queryset_and_page_says_what_the_matrix_says(at, visit, holder):
    StaffMember.objects.filter(pk=at.me.pk).update(**holder.columns)
    at.user = User.objects.get(pk=at.login.pk)
    browser, wrong = visit(at.login), []

    for permission in P:
        has = permission in holder.permissions
        if at.user.may(permission) != has or (at.me in permissions.staff_with(permission)) != has:
            wrong.append((permission.value, has))
    for cell in CELLS:
        expected = cell.expected(holder.permissions)
        if cell.door and (found := became(cell.door, at)) != expected:
            wrong.append((cell.name, "door", found, expected))
        if cell.seen and cell.seen(at) != (expected == YES):
            wrong.append((cell.name, "queryset", expected))
        if cell.page and (status := browser.get(cell.page(at)).status_code) != STATUS[expected]:
            wrong.append((cell.name, "page", status, expected))

    assert not wrong


def test_every_permission_decides_some_cell():
    """No permission is on the list for nothing: with and without it, some cell differs."""
    everything = frozenset(P)
    undecided = [
        each.value
        for each in P
        if all(
            cell.expected(base | {each}) == cell.expected(base - {each})
            for cell in CELLS
            for base in (everything, PRACTITIONER.permissions, frozenset())
        )
    ]
    assert undecided == []


@pytest.mark.parametrize("permission", P, ids=lambda each: each.value)
def test_who_does_not_work_here_holds_nothing(at, permission):
    StaffMember.objects.filter(pk=at.me.pk).update(role="owner", status="inactive")

    assert not User.objects.get(pk=at.login.pk).may(permission)
    assert at.me not in permissions.staff_with(permission)

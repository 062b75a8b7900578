"""Two who change rights at once come one after the other: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people import actions, queries
from core.people.models import OwnRole, PermissionException, StaffMember, User
from core.people.roles import ADMINISTRATOR
from tenants.context import organization_context
from tests.factories.committed import committed_organization

PEOPLE, ROUNDS = 4, 3
CARRIES = ["own_schedule", "keep_records"]


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    with committed_organization(slug="office", host="office.test", blocker=django_db_blocker) as found:
        yield SimpleNamespace(organization=found, owner=User.objects.get(email="olive@office.test"))


@pytest.fixture
def house(office):
    """Practitioners and a role, committed."""
    with organization_context(office.organization):
        office.people = [person(f"p{number}", "practitioner") for number in range(PEOPLE)]
        office.role = OwnRole.objects.create(title="Teacher", base="practitioner", carries=CARRIES)
        yield office
        PermissionException.objects.all().delete()
        StaffMember.objects.exclude(user=office.owner).delete()
        StaffMember.objects.filter(user=office.owner).update(role="owner", status="active")
        User.objects.exclude(pk=office.owner.pk).delete()
        OwnRole.objects.all().delete()


def person(name, role):
    user = User.objects.create_user(email=f"{name}@office.test", name=name.title(), time_zone="UTC")
    return StaffMember.objects.create(user=user, role=role)


def at_once(house, *acts):
    """What became of each: "done", or why not."""
    start = threading.Barrier(len(acts), timeout=30)

    def run(act):
        with organization_context(house.organization):
            try:
                start.wait()
                act()
            except DomainError as refused:
                return refused.code
            except PermissionDenied:
                return "denied"
            else:
                return "done"
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def by(house, user=None):
    """The acting person as a request of their own would load them."""
    return User.objects.get(pk=(user or house.owner).pk)


def give(house, staff, role, user=None):
    return lambda: actions.change_role(staff=staff, role=role, by=by(house, user), now=clock.now())


def edit(house, carries):
    return lambda: actions.change_role_definition(
        role=house.role, title="Teacher", description="", permissions=carries, by=by(house), now=clock.now()
    )


def assert_copies_agree():
    for staff in StaffMember.objects.exclude(own_role=None).select_related("own_role"):
        assert staff.role_carries == staff.own_role.carries


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_role_that_is_edited_while_it_is_given_is_one_for_all(house, round_):
    others = [["own_schedule"], ["keep_records"], ["own_schedule", "see_audit"]]
    became = at_once(
        house, *(give(house, each, house.role.code) for each in house.people), *(edit(house, each) for each in others)
    )

    assert set(became) == {"done"}
    assert StaffMember.objects.filter(own_role=house.role).count() == PEOPLE
    assert_copies_agree()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_role_that_is_removed_while_it_is_given_is_borne_or_gone(house, round_):
    def remove():
        actions.remove_role(role=house.role, by=by(house), now=clock.now())

    *given, removed = at_once(house, *(give(house, each, house.role.code) for each in house.people), remove)

    if removed == "done":
        assert set(given) == {"role_unknown"} and not OwnRole.objects.exists()
        assert not StaffMember.objects.exclude(role_carries=None).exists()
    else:
        assert removed == "role_borne" and "done" in given
        assert_copies_agree()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_owners_who_demote_one_another_at_once_one_stays(house, round_):
    second = house.people[0]
    StaffMember.objects.filter(pk=second.pk).update(role="owner")
    first = house.owner.staff_member

    became = at_once(house, give(house, second, "staff"), give(house, first, "staff", second.user))

    assert sorted(became) in (["denied", "done"], ["done", "last_owner"])
    assert queries.active_owners().count() == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_same_exception_by_two_at_once_is_made_once(house, round_):
    staff = house.people[0]

    def make():
        actions.make_exception(
            staff=staff, permission="take_payments", is_given=True, reason="Till", by=by(house), now=clock.now()
        )

    assert sorted(at_once(house, make, make, make)) == ["done", "exception_stands", "exception_stands"]
    staff.refresh_from_db()
    assert staff.given == ["take_payments"] and PermissionException.objects.count() == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_exceptions_by_several_at_once_are_all_kept(house, round_):
    staff = house.people[0]

    def make(code, given):
        return lambda: actions.make_exception(
            staff=staff, permission=code, is_given=given, reason="So", by=by(house), now=clock.now()
        )

    became = at_once(
        house,
        make("take_payments", True),
        make("see_audit", True),
        make("keep_records", False),
        make("own_schedule", False),
    )

    staff.refresh_from_db()
    assert became == ["done"] * 4
    assert (staff.given, staff.withheld) == (["see_audit", "take_payments"], ["keep_records", "own_schedule"])


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_administrator_who_is_being_demoted_gives_nothing_afterwards(house, round_):
    """Either they gave it before, with the right to, or not at all: never with rights that were taken from them meanwhile."""
    admin, other = house.people[0], house.people[1]
    StaffMember.objects.filter(pk=admin.pk).update(role=ADMINISTRATOR.code)
    acting = by(house, admin.user)
    assert acting.staff.role == ADMINISTRATOR.code  # as loaded when their request began

    def give_late():
        actions.make_exception(
            staff=other, permission="see_audit", is_given=True, reason="So", by=acting, now=clock.now()
        )

    demoted, given = at_once(house, give(house, admin, "practitioner"), give_late)

    assert demoted == "done" and given in ("done", "denied")
    other.refresh_from_db()
    assert ("see_audit" in other.given) == (given == "done")
    with pytest.raises(PermissionDenied):
        actions.make_exception(
            staff=other, permission="manage_wages", is_given=True, reason="So", by=acting, now=clock.now()
        )

"""The permission matrix of the whole cast: who sees whom, and that every predicate says the same as its queryset."""

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel.errors import NotFound
from core.people import grants, permissions
from core.people.models import Agent, Client, LinkedLogin, StaffMember, User
from core.people.permissions import CHANGE, CHANGE_CONTACT, MANAGE, READ_INFORMATION, SEE, Relation
from core.people.roles import Permission
from tenants.context import organization_context

CAST = ["nora", "sam", "tess", "gus", "ada", "cleo_login"]
# Client → who sees them. Cleo is Tess's, active; Dora is nobody's; Ivo is linked to Gus and inactive, and Ada's.
SEEN = {
    "cleo": {"nora", "tess", "gus", "ada", "cleo_login"},
    "dora": {"nora"},
    "ivo": {"nora", "ada"},
}
MAY = {
    SEE: {"nora", "tess", "gus", "ada", "cleo_login"},
    CHANGE: {"nora"},
    CHANGE_CONTACT: {"nora", "gus", "cleo_login"},
    READ_INFORMATION: {"nora", "tess"},
}
ACTING = {"gus", "cleo_login"}


@pytest.fixture
def clients(cast):
    """The three clients of the matrix."""
    dora = Client.objects.create(first_name="Dora", time_zone="Europe/Berlin")
    ivo = Client.objects.create(first_name="Ivo", time_zone="Europe/Berlin", status=Client.Status.INACTIVE)
    LinkedLogin.objects.create(user=cast.gus, client=ivo, relationship=LinkedLogin.Relationship.GUARDIAN)
    grants.grant(cast.ada, grants.AUDIT_CLIENT, ivo, by=cast.nora)
    return {"cleo": cast.cleo, "dora": dora, "ivo": ivo}


def person(cast, name: str) -> User:
    return User.objects.get(pk=getattr(cast, name).pk)


@pytest.mark.parametrize("name", CAST)
def test_clients_predicate_equals_queryset(cast, clients, name):
    user = person(cast, name)
    expected = {client for client, seers in SEEN.items() if name in seers}

    assert {key for key, client in clients.items() if permissions.can_see_client(user, client)} == expected
    visible = set(permissions.clients_visible_to(user))
    assert {key for key, client in clients.items() if client in visible} == expected


@pytest.mark.parametrize("name", CAST)
def test_paying_predicate_equals_queryset(cast, clients, name):
    """Gus comes in for Cleo and is linked to Ivo, Ada looks after both: nobody pays for Ivo, who is inactive."""
    user = person(cast, name)
    expected = {"cleo"} if name in {"gus", "ada", "cleo_login"} else set()

    assert {key for key, client in clients.items() if permissions.can_pay_for(user, client)} == expected
    payable = list(permissions.clients_paid_for_by(user))
    assert {key for key, client in clients.items() if client in payable} == expected
    assert len(payable) == len(expected)


@pytest.mark.parametrize("status", [Client.Status.INACTIVE, Client.Status.PROSPECT])
def test_nobody_pays_for_a_client_who_is_not_active(cast, clients, status):
    Client.objects.filter(pk=cast.cleo.pk).update(status=status)
    cast.cleo.refresh_from_db()

    assert not any(permissions.can_pay_for(person(cast, name), cast.cleo) for name in CAST)
    assert cast.cleo not in permissions.clients_with_open_payments()


@pytest.mark.parametrize("to", MAY)
@pytest.mark.parametrize("name", [*CAST])
def test_client_door_opens_for_the_right_people(cast, name, to):
    user = person(cast, name)

    if name in MAY[to]:
        assert permissions.get_client(user, cast.cleo.pk, to=to) == cast.cleo
    elif name in MAY[SEE]:
        with pytest.raises(PermissionDenied):
            permissions.get_client(user, cast.cleo.pk, to=to)
    else:
        with pytest.raises(NotFound):
            permissions.get_client(user, cast.cleo.pk, to=to)


@pytest.mark.parametrize(
    ("name", "relations"),
    [
        ("nora", (Relation.STAFF,)),
        ("sam", ()),
        ("tess", (Relation.STAFF,)),
        ("gus", (Relation.GUARDIAN,)),
        ("ada", (Relation.AGENT,)),
        ("cleo_login", (Relation.SELF,)),
    ],
)
def test_relations_of_the_cast(cast, name, relations):
    assert permissions.relations_to(person(cast, name), cast.cleo) == relations


def test_relations_of_a_guardian_who_is_an_agent_too(cast):
    Agent.objects.create(user=cast.gus, agency="Gus pays")
    grants.grant(cast.gus, grants.AUDIT_CLIENT, cast.cleo, by=cast.nora)

    assert permissions.relations_to(person(cast, "gus"), cast.cleo) == (Relation.GUARDIAN, Relation.AGENT)


def test_grant_without_an_agent_opens_nothing(cast):
    grants.grant(cast.sam, grants.AUDIT_CLIENT, cast.cleo, by=cast.nora)

    assert not permissions.can_see_client(person(cast, "sam"), cast.cleo)
    assert not permissions.clients_visible_to(person(cast, "sam")).exists()


def test_inactive_practitioner_sees_no_client(cast):
    assert permissions.clients_visible_to(person(cast, "tess")).exists()

    StaffMember.objects.filter(user=cast.tess).update(status=StaffMember.Status.INACTIVE)

    assert not permissions.clients_visible_to(person(cast, "tess")).exists()
    assert not permissions.can_see_client(person(cast, "tess"), cast.cleo)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("nora", {"nora", "sam", "tess"}),
        ("sam", {"nora", "sam", "tess"}),
        ("tess", {"nora", "sam", "tess"}),
        ("gus", {"tess"}),
        ("ada", set()),
        ("cleo_login", {"tess"}),
    ],
)
def test_staff_predicate_equals_queryset(cast, name, seen):
    user = person(cast, name)
    staff = {each: getattr(cast, f"{each}_staff") for each in ("nora", "sam", "tess")}

    assert {key for key, each in staff.items() if permissions.can_see_staff(user, each)} == seen
    visible = set(permissions.staff_visible_to(user))
    assert {key for key, each in staff.items() if each in visible} == seen


def test_contacts_are_hidden_without_the_permission(cast):
    cast.cleo.permissions = [each for each in cast.cleo.permissions if each != "see_contacts"]
    cast.cleo.save()

    assert not permissions.can_see_staff(person(cast, "gus"), cast.tess_staff)
    with pytest.raises(NotFound):
        permissions.get_staff_member(person(cast, "gus"), cast.tess_staff.pk)


@pytest.mark.parametrize("name", CAST)
def test_acting_predicate_equals_queryset(cast, clients, name):
    user = person(cast, name)
    expected = {"cleo"} if name in ACTING else set()

    assert {key for key, client in clients.items() if permissions.can_act_for(user, client)} == expected
    acted_for = set(permissions.clients_acted_for(user))
    assert {key for key, client in clients.items() if client in acted_for} == expected


def test_logins_that_act_are_those_that_can_sign_in(cast, clients):
    for client in clients.values():
        may = {name for name in CAST if permissions.can_act_for(person(cast, name), client)}
        assert set(permissions.logins_acting_for(client)) == {getattr(cast, name) for name in may}

    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    assert permissions.logins_acting_for(cast.cleo) == [cast.cleo_login]


@pytest.mark.parametrize("status", [Client.Status.INACTIVE, Client.Status.PROSPECT])
def test_nobody_acts_for_a_client_who_is_not_active(cast, status):
    Client.objects.filter(pk=cast.cleo.pk).update(status=status)
    cast.cleo.refresh_from_db()
    assert permissions.logins_acting_for(cast.cleo) == []


@pytest.mark.parametrize("name", CAST)
def test_auditing_predicate_equals_queryset(cast, clients, name):
    user = person(cast, name)
    expected = {"cleo", "ivo"} if name == "ada" else set()

    assert {key for key, client in clients.items() if permissions.can_audit_client(user, client)} == expected
    audited = set(permissions.clients_audited_by(user))
    assert {key for key, client in clients.items() if client in audited} == expected


@pytest.mark.parametrize("permission", Permission)
def test_staff_with_a_permission_are_those_who_may(cast, permission):
    may = {name for name in CAST if person(cast, name).may(permission)}

    holders = {member.user for member in permissions.staff_with(permission)}
    assert {name for name in CAST if getattr(cast, name) in holders} == may


def test_staff_with_a_permission_are_active(cast):
    StaffMember.objects.filter(user=cast.nora).update(status=StaffMember.Status.INACTIVE)

    assert cast.nora_staff not in permissions.staff_with(Permission.MANAGE_STAFF)
    assert not permissions.is_active_staff(person(cast, "nora"))


@pytest.mark.parametrize("name", CAST)
def test_active_staff_is_who_works_here(cast, name):
    assert permissions.is_active_staff(person(cast, name)) == (name in {"nora", "sam", "tess"})


def test_agent_door_opens_for_those_who_look_after_clients(cast):
    agent = Agent.objects.get(user=cast.ada)

    assert permissions.get_agent(person(cast, "nora"), agent.pk) == agent
    with pytest.raises(PermissionDenied):
        permissions.get_agent(person(cast, "tess"), agent.pk)


@pytest.mark.parametrize(
    ("name", "managed"),
    [("nora", set(CAST)), ("sam", set()), ("tess", set()), ("gus", set()), ("ada", set()), ("cleo_login", set())],
)
def test_logins_managed_by(cast, name, managed):
    user = person(cast, name)

    assert {each for each in CAST if permissions.can_manage_login(user, person(cast, each))} == managed


def test_administrator_manages_everybody_but_owners(cast):
    StaffMember.objects.filter(user=cast.sam).update(role="administrator")
    sam = person(cast, "sam")

    assert permissions.can_manage_login(sam, cast.tess)
    assert permissions.can_manage_login(sam, cast.gus)
    assert not permissions.can_manage_login(sam, cast.nora)
    with pytest.raises(PermissionDenied):
        permissions.get_login(sam, cast.nora.pk, to=MANAGE)
    with pytest.raises(PermissionDenied):
        permissions.get_staff_member(sam, cast.nora_staff.pk, to=CHANGE)


def test_front_desk_manages_clients_logins_but_no_colleagues(cast):
    StaffMember.objects.filter(user=cast.sam).update(role="staff")
    sam = person(cast, "sam")

    assert permissions.can_manage_login(sam, cast.gus)
    assert not permissions.can_manage_login(sam, cast.tess)


def test_olga_finds_nobody_of_north(cast):
    """The same id exists in south with the same rank: only the context decides."""
    with organization_context(cast.south):
        found = permissions.get_client(cast.olga, cast.cleo.pk)

    assert found.first_name == "Clara"

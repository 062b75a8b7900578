"""Adding, changing, archiving and deleting clients, and who is signed out by it."""

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people import actions, deletion, grants, permissions, queries
from core.people.actions import NewLogin
from core.people.models import Agent, Assignment, Client, Invitation, LinkedLogin, StaffMember, User

BERLIN = "Europe/Berlin"


def guardian(**changes) -> NewLogin:
    values = {"email": "Mia@Example.test", "name": "Mia Long", "relationship": "guardian", "time_zone": "Europe/Lisbon"}
    return NewLogin(**{**values, **changes})


def test_add_client_with_a_guardian_invites_in_the_inviters_name(cast, now):
    client = actions.add_client(first_name="Max", time_zone=BERLIN, logins=[guardian()], by=cast.nora, now=now)

    login = client.logins.get()
    assert (login.email, login.time_zone) == ("mia@example.test", "Europe/Lisbon")
    assert not login.has_usable_password()
    assert Invitation.objects.get(user=login).invited_by == "Nora North"
    assert OutboxMessage.objects.filter(name="people.send_invitation").count() == 1
    assert AuditEvent.objects.filter(action="client.added", subject_id=str(client.pk)).exists()


def test_add_client_without_a_login(cast, now):
    client = actions.add_client(first_name="Max", time_zone=BERLIN, by=cast.nora, now=now)

    assert not client.logins.exists()
    assert not OutboxMessage.objects.exists()


def test_add_prospect_invites_nobody_yet(cast, now):
    client = actions.add_client(
        first_name="Max", time_zone=BERLIN, status="prospect", logins=[guardian()], by=cast.nora, now=now
    )

    assert not Invitation.objects.exists()
    with pytest.raises(DomainError, match="active") as caught:
        actions.invite_login(login=client.logins.get(), by=cast.nora, now=now)
    assert caught.value.code == "not_active"


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe/Nowhere"])
def test_add_client_needs_a_time_zone(cast, now, zone):
    with pytest.raises(DomainError) as caught:
        actions.add_client(first_name="Max", time_zone=zone, by=cast.nora, now=now)

    assert (caught.value.code, caught.value.field) == ("time_zone_unknown", "time_zone")


def test_add_client_with_a_taken_address_changes_nothing(cast, now):
    with pytest.raises(DomainError) as caught:
        actions.add_client(
            first_name="Max", time_zone=BERLIN, logins=[guardian(email="GUS@north.test")], by=cast.nora, now=now
        )

    assert caught.value.code == "email_taken"
    assert not Client.objects.filter(first_name="Max").exists()


def test_add_client_links_the_existing_login_when_told_so(cast, now):
    client = actions.add_client(
        first_name="Max", time_zone=BERLIN, logins=[guardian(email="GUS@north.test", existing=True)],
        by=cast.nora, now=now,
    )  # fmt: skip

    assert client.logins.get() == cast.gus
    assert not Invitation.objects.exists()  # he has a password


@pytest.mark.parametrize("name", ["tess", "sam", "gus", "ada"])
def test_add_client_is_refused_to(cast, now, name):
    with pytest.raises(PermissionDenied):
        actions.add_client(first_name="Max", time_zone=BERLIN, by=getattr(cast, name), now=now)


def test_additional_information_never_enters_the_audit(cast, now):
    actions.change_client(client=cast.cleo, additional_information="Afraid of dogs", by=cast.nora, now=now)

    event = AuditEvent.objects.get(action="client.changed")
    assert "additional_information" in event.changes
    assert "dogs" not in str(event.changes)


def test_guardian_changes_the_contact_but_no_name(cast, now):
    actions.change_client(client=cast.cleo, phone="+49 30 1", by=cast.gus, now=now)
    assert Client.objects.get(pk=cast.cleo.pk).phone == "+49 30 1"

    with pytest.raises(PermissionDenied):
        actions.change_client(client=cast.cleo, first_name="Other", by=cast.gus, now=now)
    with pytest.raises(PermissionDenied):
        actions.change_client(client=cast.cleo, phone="+49 30 2", by=cast.ada, now=now)


def test_inactive_client_signs_out_only_those_without_another_tie(cast, now):
    other = Client.objects.create(first_name="Other", time_zone=BERLIN)
    LinkedLogin.objects.create(user=cast.gus, client=other, relationship="guardian")

    actions.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=now)

    assert User.objects.get(pk=cast.cleo_login.pk).session_generation == 1
    assert User.objects.get(pk=cast.gus.pk).session_generation == 0
    assert User.objects.get(pk=cast.ada.pk).session_generation == 0


def test_unlinking_signs_out_and_keeps_the_login(cast, now):
    actions.unlink_login(client=cast.cleo, login=cast.gus, by=cast.nora, now=now)

    assert User.objects.get(pk=cast.gus.pk).session_generation == 1
    assert not LinkedLogin.objects.filter(user=cast.gus).exists()


def test_linking_twice_and_a_second_self_are_refused(cast, now):
    with pytest.raises(DomainError) as twice:
        actions.link_login(client=cast.cleo, login=cast.gus, relationship="guardian", by=cast.nora, now=now)
    with pytest.raises(DomainError) as second:
        actions.link_login(client=cast.cleo, login=cast.ada, relationship="self", by=cast.nora, now=now)

    assert (twice.value.code, second.value.code) == ("already_linked", "self_taken")


def test_archived_client_comes_back_inactive(cast, now):
    actions.archive_client(client=cast.cleo, by=cast.nora, now=now)
    assert Client.objects.get(pk=cast.cleo.pk).archived_at == now

    actions.restore_client(client=cast.cleo, by=cast.nora, now=now)

    kept = Client.objects.get(pk=cast.cleo.pk)
    assert (kept.archived_at, kept.status) == (None, "inactive")


def test_delete_client_is_guarded_by_what_rooms_register(cast, now, monkeypatch):
    monkeypatch.setattr(deletion, "guards", [lambda client: "There are 2 appointments."])
    with pytest.raises(DomainError, match="2 appointments.*archive") as caught:
        actions.delete_client(client=cast.cleo, by=cast.nora, now=now)
    assert caught.value.code == "client_in_use"

    monkeypatch.setattr(deletion, "guards", [lambda client: None])
    actions.delete_client(client=cast.cleo, by=cast.nora, now=now)

    assert not Client.objects.filter(pk=cast.cleo.pk).exists()
    assert AuditEvent.objects.filter(action="client.deleted").exists()
    assert User.objects.get(pk=cast.gus.pk).session_generation == 1
    assert not grants.granted(cast.ada, grants.AUDIT_CLIENT, Client).exists()


def test_assignment_from_both_sides_and_its_refusals(cast, now):
    actions.assign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=cast.nora, now=now)
    actions.assign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=cast.nora, now=now)
    assert Assignment.objects.filter(client=cast.cleo).count() == 2

    with pytest.raises(PermissionDenied):
        actions.assign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=cast.tess, now=now)
    actions.change_staff_status(staff=cast.sam_staff, status="inactive", by=cast.nora, now=now)
    actions.unassign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=cast.nora, now=now)
    with pytest.raises(DomainError) as caught:
        actions.assign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=cast.nora, now=now)
    assert caught.value.code == "staff_inactive"


def test_ensure_assigned_needs_no_right_of_its_own(cast, now):
    """An appointment assigns its practitioner, whatever was assigned before."""
    actions.ensure_assigned(client=cast.cleo, practitioner=cast.sam_staff, by=cast.tess, now=now)

    assert cast.sam_staff in cast.cleo.practitioners.all()


def test_bulk_permission_changes_those_who_differ(cast, now):
    dora = Client.objects.create(first_name="Dora", time_zone=BERLIN)

    changed = actions.set_permission_for_many(
        permission="hide_costs", allowed=True, clients=[cast.cleo, dora], by=cast.nora, now=now
    )

    assert changed == [dora]
    assert "hide_costs" in Client.objects.get(pk=dora.pk).permissions
    with pytest.raises(PermissionDenied):
        actions.set_permission_for_many(
            permission="hide_costs", allowed=False, clients=[dora], by=cast.tess, now=now
        )  # fmt: skip
    with pytest.raises(DomainError):
        actions.set_permission_for_many(permission="fly", allowed=True, clients=[dora], by=cast.nora, now=now)


def test_agent_gets_exactly_the_chosen_clients(cast, now):
    dora = Client.objects.create(first_name="Dora", time_zone=BERLIN)

    actions.set_agent_clients(agent=cast.agent, clients=[dora], by=cast.nora, now=now)

    assert set(grants.granted(cast.ada, grants.AUDIT_CLIENT, Client)) == {dora}
    with pytest.raises(PermissionDenied):
        actions.set_agent_clients(agent=cast.agent, clients=[], by=cast.tess, now=now)


def test_dismissed_agent_is_signed_out(cast, now):
    actions.dismiss_agent(agent=cast.agent, by=cast.nora, now=now)

    assert User.objects.get(pk=cast.ada.pk).session_generation == 1
    assert not grants.granted(cast.ada, grants.AUDIT_CLIENT, Client).exists()


def test_agent_whose_access_is_off_has_clients_until_they_are_taken_out(cast, now):
    actions.switch_access(login=cast.ada, may_log_in=False, by=cast.nora, now=now)
    agent = Agent.objects.get(pk=cast.agent.pk)
    before = list(queries.clients_of_agent(agent))

    actions.set_agent_clients(agent=agent, clients=[], by=cast.nora, now=now)

    assert before
    assert not queries.clients_of_agent(agent).exists()
    assert AuditEvent.objects.filter(action="grant.revoked").count() == len(before)


def test_dismissed_agent_whose_access_was_off_does_not_get_the_clients_back(cast, now):
    actions.switch_access(login=cast.ada, may_log_in=False, by=cast.nora, now=now)
    actions.dismiss_agent(agent=Agent.objects.get(pk=cast.agent.pk), by=cast.nora, now=now)
    actions.switch_access(login=User.objects.get(pk=cast.ada.pk), may_log_in=True, by=cast.nora, now=now)

    again = Agent.objects.create(user=User.objects.get(pk=cast.ada.pk))

    assert not permissions.clients_audited_by(again.user).exists()


@pytest.mark.parametrize(
    ("name", "short_name", "addressed"),
    [
        ("Dr. Anna Meyer", "", "Dr. Anna Meyer"),
        ("Dr. Anna Meyer", "Anna", "Anna"),
        ("Nguyễn Văn An", "", "Nguyễn Văn An"),
    ],
)
def test_people_are_addressed_as_they_wish_else_by_their_whole_name(name, short_name, addressed):
    assert User(name=name, short_name=short_name).get_short_name() == addressed


def test_front_desk_cannot_assign_itself_and_so_reads_nothing(cast, now):
    desk = User.objects.create_user(email="desk@north.test", name="Dora Desk", time_zone="Europe/Berlin")
    staff = StaffMember.objects.create(user=desk, role="staff")

    for act in (actions.assign_practitioner, actions.ensure_assigned):
        with pytest.raises(DomainError) as refused:
            act(client=cast.cleo, practitioner=staff, by=desk, now=now)
        assert refused.value.code == "own_assignment"
    assert not Assignment.objects.filter(practitioner=staff).exists()

    actions.assign_practitioner(client=cast.cleo, practitioner=staff, by=cast.nora, now=now)
    actions.assign_practitioner(client=cast.cleo, practitioner=staff, by=desk, now=now)  # as it is already
    actions.assign_practitioner(client=cast.cleo, practitioner=cast.nora_staff, by=cast.nora, now=now)
    actions.assign_practitioner(client=cast.cleo, practitioner=cast.sam_staff, by=desk, now=now)
    assert Assignment.objects.filter(client=cast.cleo).count() == 4

"""Whatever is done with people is noted, or it is not done."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from core.kernel import clock
from core.notifications import push_keys
from core.notifications.messages import Topic
from core.notifications.models import MessageVersion, NotificationSettings, PushSubscription, TextNumber
from core.notifications.rules.message_text import MessageText
from core.people import actions
from core.people.actions import NewLogin
from core.people.actions.texts import code_hash
from core.people.messages import INVITATION
from core.people.models import Agent, Client, OwnRole
from core.people.rules.invitations import token_for
from tests.broken_audit import assert_nothing_is_written
from tests.factories.push_service import Device

# What the others do several times, and what only reads, promises a mail or ends sessions.
NOTE_NOTHING = {
    "ask_for_invitation",
    "assign_many",
    "end_push",
    "end_sessions",
    "ensure_assigned",
    "find_invitation",
    "set_agent_clients",
    "put_into_branch",
    "put_staff_into_branch",
    "set_permission_for_many",
}
TEACHER = {"title": "Teacher", "description": "", "permissions": ["own_schedule"]}
PIA = {"email": "pia@example.test", "name": "Pia New", "time_zone": "Europe/Berlin"}


@pytest.fixture
def people(cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, with Dora who has no ties and a note that was emptied, Ivo in the archive, and two versions of the invitation."""
    cast.dora = Client.objects.create(first_name="Dora", time_zone="Europe/Berlin")
    cast.ivo = Client.objects.create(
        first_name="Ivo", time_zone="Europe/Berlin", status="inactive", archived_at="2026-01-01T00:00Z"
    )
    for text in ("Allergic to nuts", ""):
        actions.change_client(client=cast.dora, by=cast.nora, now=clock.now(), additional_information=text)
    for number in (1, 2):
        MessageVersion.objects.create(
            channel="email", code="invitation", language="en", number=number, subject=f"Come {number}", body="Come in.", button="In",
            created_at="2026-01-01T00:00Z",
        )  # fmt: skip
    cast.teacher = OwnRole.objects.create(title="Coach", base="practitioner", carries=["keep_records"])
    actions.make_exception(
        staff=cast.sam_staff, permission="take_payments", is_given=True, reason="Till", by=cast.nora, now=clock.now()
    )
    NotificationSettings.objects.create(has_texts=True)
    TextNumber.objects.create(
        user_id=cast.nora.pk,
        asked_number="+4915123456780",
        asked_at=clock.now(),
        tries_left=5,
        code_hash=code_hash(cast.nora, "+4915123456780", "123456"),
    )
    cast.push_key = push_keys.public_key()
    cast.push_device = PushSubscription.objects.create(
        user_id=cast.nora.pk, endpoint="https://fcm.googleapis.com/nora", created_at=clock.now()
    )
    return cast


HELLO = MessageText("Hello", body="Hello.", button="In")
MESSAGE: dict[str, Any] = {"language": "en", "languages": ["en"]}
GUARDIAN = NewLogin(**PIA, relationship="guardian")
# Act → how `people` and what every action takes make it.
ACTS: dict[str, Callable[[SimpleNamespace, dict[str, Any]], object]] = {
    "set the text account": lambda p, how: actions.set_text_account(
        has_texts=False, account="AC2", token="x", sender="", texts_a_day=5, **how
    ),
    "give a text number": lambda p, how: actions.give_text_number(number="+4915123456789", **how),
    "confirm a text number": lambda p, how: actions.confirm_text_number(code="123456", **how),
    "remove a text number": lambda p, how: actions.remove_text_number(**how),
    "set channels": lambda p, how: actions.set_channels(has_push=False, push_text="neutral", usual={}, **how),
    "choose channels": lambda p, how: actions.choose_channels(chosen={Topic.LIVE: frozenset()}, **how),
    "add a push device": lambda p, how: actions.add_push_device(
        endpoint="https://fcm.googleapis.com/pia",
        p256dh=Device("").p256dh,
        auth=Device("").auth,
        key=p.push_key,
        expires_at=None,
        device="",
        device_id=7,
        **how,
    ),
    "remove a push device": lambda p, how: actions.remove_push_device(subscription=p.push_device, **how),
    "add a client": lambda p, how: actions.add_client(first_name="Pia", time_zone="UTC", logins=[GUARDIAN], **how),
    "add a login": lambda p, how: actions.add_login(client=p.dora, login=NewLogin(**PIA, relationship="self"), **how),
    "change a client": lambda p, how: actions.change_client(client=p.cleo, phone="1", **how),
    "bring a note back": lambda p, how: actions.bring_back_information(former=p.dora.former_information.get(), **how),
    "change a status": lambda p, how: actions.change_client_status(client=p.cleo, status="inactive", **how),
    "archive a client": lambda p, how: actions.archive_client(client=p.cleo, **how),
    "restore a client": lambda p, how: actions.restore_client(client=p.ivo, **how),
    "delete a client": lambda p, how: actions.delete_client(client=p.dora, **how),
    "set permissions": lambda p, how: actions.set_client_permissions(client=p.cleo, permissions=[], **how),
    "link a login": lambda p, how: actions.link_login(client=p.dora, login=p.gus, relationship="guardian", **how),
    "unlink a login": lambda p, how: actions.unlink_login(client=p.cleo, login=p.gus, **how),
    "assign": lambda p, how: actions.assign_practitioner(client=p.dora, practitioner=p.tess_staff, **how),
    "unassign": lambda p, how: actions.unassign_practitioner(client=p.cleo, practitioner=p.tess_staff, **how),
    "make an agent": lambda p, how: actions.make_agent(**PIA, agency="", **how),
    "change an agent": lambda p, how: actions.change_agent(agent=p.agent, agency="Other", **how),
    "grant a client": lambda p, how: actions.grant_client(agent=p.agent, client=p.dora, **how),
    "revoke a client": lambda p, how: actions.revoke_client(agent=p.agent, client=p.cleo, **how),
    "dismiss an agent": lambda p, how: actions.dismiss_agent(agent=Agent.objects.get(pk=p.agent.pk), **how),
    "invite staff": lambda p, how: actions.invite_staff_member(**PIA, role="practitioner", **how),
    "change staff": lambda p, how: actions.change_staff_member(staff=p.tess_staff, title="Dr", **how),
    "change a role": lambda p, how: actions.change_role(staff=p.tess_staff, role="staff", **how),
    "add a role": lambda p, how: actions.add_role(**TEACHER, copied_from="staff", **how),
    "change what a role carries": lambda p, how: actions.change_role_definition(role=p.teacher, **TEACHER, **how),
    "remove a role": lambda p, how: actions.remove_role(role=p.teacher, **how),
    "set safeguards": lambda p, how: actions.set_safeguards(
        idle_minutes=15, factor_roles=["owner"], grace_days=7, **how
    ),
    "make an exception": lambda p, how: actions.make_exception(
        staff=p.tess_staff, permission="take_payments", is_given=True, reason="Till", **how
    ),
    "end an exception": lambda p, how: actions.end_exception(staff=p.sam_staff, permission="take_payments", **how),
    "change staff's status": lambda p, how: actions.change_staff_status(staff=p.tess_staff, status="inactive", **how),
    "grant a schedule": lambda p, how: actions.grant_schedule_admin(holder=p.tess_staff, over=p.sam_staff, **how),
    "revoke a schedule": lambda p, how: actions.revoke_schedule_admin(holder=p.sam_staff, over=p.tess_staff, **how),
    "change a login": lambda p, how: actions.change_login(login=p.gus, email="gus@example.test", **how),
    "change a profile": lambda p, how: actions.change_profile(name="Nora", time_zone="UTC", language="en", **how),
    "switch access off": lambda p, how: actions.switch_access(login=p.gus, may_log_in=False, **how),
    "send a password reset": lambda p, how: actions.send_password_reset(login=p.gus, **how),
    "change a message": lambda p, how: actions.change_message(INVITATION, text=HELLO, **MESSAGE, **how),
    "try a message": lambda p, how: actions.test_message(INVITATION, text=HELLO, **MESSAGE, **how),
    "restore a version": lambda p, how: actions.restore_version(INVITATION, number=1, **MESSAGE, **how),
    "reset a message": lambda p, how: actions.reset_message(INVITATION, language="en", **how),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(people, now, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](people, {"by": people.nora, "now": now}), monkeypatch)


@pytest.mark.parametrize("act", ["invite", "withdraw", "accept"])
def test_no_invitation_moves_when_it_cannot_be_noted(people, now, monkeypatch, act):
    pia = actions.add_login(client=people.cleo, login=NewLogin(**PIA, relationship="partner"), by=people.nora, now=now)
    invitation = pia.invitations.get()
    token = token_for(invitation.pk, secret=settings.SECRET_KEY)
    acts = {
        "invite": lambda: actions.invite_login(login=pia, by=people.nora, now=now),
        "withdraw": lambda: actions.withdraw_invitation(login=pia, by=people.nora, now=now),
        "accept": lambda: actions.accept_invitation(
            token=token, password="correct horse battery", time_zone="UTC", now=now
        ),
    }
    assert_nothing_is_written(acts[act], monkeypatch)


def test_no_visitor_comes_in_when_it_cannot_be_noted(people, now, monkeypatch):
    visitor = {
        "email": "vera@example.test",
        "first_name": "Vera",
        "last_name": "",
        "phone": "",
        "time_zone": "UTC",
        "language": "en",
    }
    assert_nothing_is_written(lambda: actions.receive_visitor(**visitor, may_cancel=False, now=now), monkeypatch)


def test_every_action_is_tried():
    tried = set().union(*(each.__code__.co_names for each in ACTS.values()))
    apart = {"invite_login", "withdraw_invitation", "accept_invitation", "receive_visitor", "receive_prospect"}
    assert set(actions.__all__) - tried - apart == NOTE_NOTHING

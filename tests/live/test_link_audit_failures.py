"""Whatever is done with a personal link is noted, or it is not done."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.kernel import clock
from core.people.models import Client
from sessions_live import actions as live
from sessions_live.invitations import actions as invitations
from sessions_live.personal_links import actions
from tests.broken_audit import assert_nothing_is_written
from tests.factories.links import come, knock, link_of, room_of
from tests.factories.recordings import meet

ACTS: dict[str, Callable[[SimpleNamespace, dict[str, Any]], object]] = {
    "get a link": lambda s, how: actions.ensure_link(s.cast.sam.staff, by=s.cast.sam, now=how["now"]),
    "reset it": lambda s, how: actions.reset_link(s.link, **how),
    "change it": lambda s, how: actions.change_link(s.link, is_locked=True, passphrase="Tür!", weekly={}, **how),
    "knock": lambda s, how: live.ask_admission(s.room, by=s.late, now=how["now"]),
    "let in": lambda s, how: live.admit(s.room, s.waiting.pk, **how),
    "let into another room": lambda s, how: live.admit_into(
        s.room, s.waiting.pk, into=s.session, by=s.cast.tess, now=how["now"]
    ),
    "block": lambda s, how: actions.block_guest(s.waiting.guest, **how),
    "rename": lambda s, how: actions.rename_guest(s.room, s.waiting.pk, name="Another Name", **how),
    "invite to an appointment": lambda s, how: invitations.invite_guest(
        s.session.appointment, name="New Guest", email="new@example.test", language="en", **how
    ),
    "send an invitation again": lambda s, how: invitations.send_again(s.invitation, **how),
    "withdraw an invitation": lambda s, how: invitations.withdraw_invitation(s.invitation, **how),
    "unblock": lambda s, how: actions.unblock_guest(s.blocked, **how),
    "note whose call it was": lambda s, how: actions.note_call(s.waiting.guest, client=s.client, **how),
    "make a prospect of it": lambda s, how: actions.note_new_prospect(s.waiting.guest, **how),
}


@pytest.fixture
def stage(cast: SimpleNamespace) -> SimpleNamespace:
    """Nora's link with somebody who waits, somebody who does not yet, and somebody who is blocked; and a session of Tess's."""
    link, now = link_of(cast.nora.staff), clock.now()
    session = meet(cast, cast.gus)
    return SimpleNamespace(
        cast=cast,
        link=link,
        room=room_of(link),
        late=come(link, "Late Guest"),
        waiting=knock(link),
        blocked=actions.block_guest(come(link, "Blocked Guest"), by=cast.nora, now=now),
        session=session,
        invitation=invitations.invite_guest(
            session.appointment,
            name="Invited Guest",
            email="invited@example.test",
            language="en",
            by=cast.nora,
            now=now,
        ),
        client=Client.objects.create(first_name="New", last_name="Prospect", time_zone="Europe/Berlin"),
    )


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(
    stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    if act == "let into another room":
        stage.link = link_of(stage.cast.tess_staff)
        stage.room, stage.waiting = room_of(stage.link), knock(stage.link)

    assert_nothing_is_written(lambda: ACTS[act](stage, {"by": stage.cast.nora, "now": clock.now()}), monkeypatch)

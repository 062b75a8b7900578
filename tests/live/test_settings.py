"""What an organization decides about its live sessions, and that rooms and doorbells follow."""

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people.models import StaffMember, User
from sessions_live import actions, queries
from sessions_live.actions.settings import change_live_settings
from sessions_live.models import LiveSettings, MediaPolicy
from sessions_live.permissions import hosts_to_notify
from tenants.context import organization_context

SERVER, DIRECT = MediaPolicy.SERVER, MediaPolicy.DIRECT


def decide(by, *, policy=SERVER, front_desk_hears=False, youtube_allowed=False):
    return change_live_settings(
        policy=policy, front_desk_hears=front_desk_hears, youtube_allowed=youtube_allowed, by=by, now=clock.now()
    )


def administrator() -> User:
    user = User.objects.create_user("alma@north.test", name="Alma North", time_zone="Europe/Berlin")
    StaffMember.objects.create(user=user, role="administrator")
    return user


def test_room_takes_the_way_of_the_organization(cast, appointment):
    decide(cast.nora)

    room = actions.open_room(appointment, now=clock.now())

    assert room.uses_server
    event = AuditEvent.objects.get(action="live_settings.changed")
    assert (event.actor_label, event.changes) == (cast.nora.name, {"policy": ["direct", "server"]})
    decide(cast.nora)  # nothing new, so nothing to record
    assert AuditEvent.objects.filter(action="live_settings.changed").count() == 1


def test_room_that_was_made_before_follows_while_it_is_empty(cast, room, appointment):
    assert not room.uses_server
    decide(cast.nora)
    assert actions.open_room(appointment, now=clock.now()).uses_server

    actions.ask_admission(room, by=cast.tess, now=clock.now())
    decide(cast.nora, policy=DIRECT)
    assert actions.open_room(appointment, now=clock.now()).uses_server  # somebody is in: the call keeps its way


def test_two_people_meet_on_the_media_server(cast, appointment, scenes, monkeypatch):
    """The engine that the page is told of is the server's, with nobody else's address."""
    decide(cast.nora)
    room = actions.open_room(appointment, now=clock.now())
    asked = []

    class Server:
        async def open_room(self, name, *, capacity):
            asked.append(("open", capacity))

        async def attach(self, admission, *, to_client, to_others):
            asked.append(("attach", admission.peer))
            await to_client({"type": "engine", "engine": "builtin"})

    monkeypatch.setattr("sessions_live.engines.server", Server)

    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("hello")
        assert (await tess.hear("engine"))["engine"] == "builtin"
        assert not any(kind.startswith("p2p") for kind in tess.kinds())

    scenes(play)
    assert [step for step, _ in asked] == ["open", "attach"]


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada"])
def test_only_whoever_runs_the_organization_decides(cast, who):
    with pytest.raises(PermissionDenied):
        decide(getattr(cast, who))
    assert LiveSettings.current().policy == DIRECT


def test_administrator_does_not_change_the_organization(cast):
    with pytest.raises(PermissionDenied):
        decide(administrator())


def test_unknown_way_is_refused(cast):
    with pytest.raises(DomainError) as caught:
        decide(cast.nora, policy="relay")

    assert (caught.value.code, caught.value.field) == ("policy_unknown", "policy")


def test_decision_of_north_is_not_souths(cast, south):
    decide(cast.nora)

    with organization_context(south):
        assert LiveSettings.current().policy == DIRECT


def test_front_desk_hears_the_doorbell_when_the_organization_says_so(cast, room):
    alma = administrator()
    assert set(hosts_to_notify(room)) == {cast.tess.pk, cast.sam.pk}
    decide(cast.nora, policy=DIRECT, front_desk_hears=True)

    admission = actions.ask_admission(room, by=cast.gus, now=clock.now())

    expected = {cast.tess.pk, cast.sam.pk, cast.nora.pk, alma.pk}
    assert set(hosts_to_notify(room)) == expected
    assert set(Notice.objects.filter(kind="live.waiting").values_list("user_id", flat=True)) == expected
    for name, rings in (("nora", True), ("tess", True), ("sam", True), ("gus", False), ("ada", False)):
        assert (admission in queries.doorbells_of(getattr(cast, name))) is rings, name


def test_former_colleague_hears_nothing(cast, room):
    alma = administrator()
    decide(cast.nora, policy=DIRECT, front_desk_hears=True)
    StaffMember.objects.filter(user=alma).update(status="inactive")

    assert alma.pk not in hosts_to_notify(room)
    assert not queries.doorbells_of(User.objects.get(pk=alma.pk)).exists()


def test_front_desk_may_decide_at_the_door(cast, room, visit):
    decide(cast.nora, policy=DIRECT, front_desk_hears=True)
    admission = actions.ask_admission(room, by=cast.gus, now=clock.now())
    path = f"/live/{room.appointment_id}/admissions/{admission.pk}/"

    assert [one["admission"] for one in visit(cast.nora).get("/live/waiting/").json()["waiting"]] == [str(admission.pk)]
    assert visit(cast.nora).post(path, {"decision": "admit"}).json()["state"] == "admitted"


def test_screen_of_the_owner(cast, visit):
    browser = visit(cast.nora)
    page = browser.get("/settings/live/").content.decode()
    assert "learns the internet address" in page and 'value="direct" ' in page

    sent = {"policy": "server", "front_desk_hears": "on", "links_allowed": "on", "names_for_guests": "short"}
    answer = browser.post("/settings/live/", sent, follow=True)

    assert answer.status_code == 200 and "Saved." in answer.content.decode()
    now = LiveSettings.current()
    assert (now.policy, now.front_desk_hears, now.links_allowed, now.names_for_guests) == (SERVER, True, True, "short")
    assert browser.post("/settings/live/", {**sent, "policy": "relay"}).status_code == 422
    assert visit(cast.tess).get("/settings/live/").status_code == 403
    assert visit(cast.tess).post("/settings/live/", {"policy": "direct"}).status_code == 403
    assert LiveSettings.current().policy == SERVER

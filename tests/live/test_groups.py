"""Groups: how many come in, everybody at once, and who reads whose name."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.models import LinkedLogin, User
from core.scheduling.actions import book_appointment
from sessions_live import actions
from sessions_live.consumers.peer import Peer
from sessions_live.models import Admission
from sessions_live.rules import displayed_names
from sessions_live.rules.capacity import HOSTS, Capacity, peers
from tenants import entitlements
from tenants.context import current_organization, public_context
from tenants.models import Entitlement
from tests.factories.scheduling import make_client
from tests.rules_tables import rows

WAITING, ADMITTED = Admission.State.WAITING, Admission.State.ADMITTED


def allow(most):
    """The plan of the organization in force has sessions of so many people; sockets find it by their host."""
    organization = current_organization()
    organization.known_allowances = {**entitlements.allowances(organization), "group": most}
    with public_context():
        Entitlement.objects.filter(plan=organization.plan_id, code="group").update(limit=most)


def login(client, name):
    user = User.objects.create_user(email=f"{name.split()[0].lower()}@north.test", password="x", name=name)
    LinkedLogin.objects.create(user=user, client=client, relationship=LinkedLogin.Relationship.SELF)
    return user


@pytest.fixture
def group(cast):
    """Cleo (with her two logins), and two strangers to her, Ines Roth and Paul Ek, in one session that is about to begin."""
    starts_at = clock.now() + timedelta(minutes=5)
    others = [make_client("Ines"), make_client("Paul")]
    cast.ines, cast.paul = login(others[0], "Ines Roth"), login(others[1], "Paul Ek")
    cast.appointment = book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo, *others], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Reading group", by=cast.nora, now=clock.now(),
    )  # fmt: skip
    cast.room = actions.open_room(cast.appointment, now=clock.now())
    return cast


def ask(room, *people):
    return [actions.ask_admission(room, by=person, now=clock.now()) for person in people]


def states(room):
    return {one.name: one.state for one in room.admissions.all()}


@pytest.mark.unit
@pytest.mark.parametrize(("guests", "hosts", "guest_comes_in", "host_comes_in"), rows("capacity"))
def test_capacity(guests, hosts, guest_comes_in, host_comes_in):
    inside, leading = int(guests.split()[0]), int(hosts)
    assert (Capacity(guests=inside, hosts=leading, most=10).free > 0) is (guest_comes_in == "yes")
    assert Capacity(guests=inside, hosts=leading + 1, most=10).is_beyond_hosts is (host_comes_in == "no")
    assert peers(10) == 10 + HOSTS


@pytest.mark.unit
@pytest.mark.parametrize(("reader", "about", "in_a_group", "alone"), rows("displayed-names", "reader"))
def test_names_in_a_group(reader, about, in_a_group, alone):
    facts = {"of_host": about.startswith("host"), "to_host": reader == "host", "own": about.startswith("oneself")}
    assert displayed_names.shown(alone, is_group=True, **facts) == in_a_group
    assert displayed_names.shown(alone, is_group=False, **facts) == alone


@pytest.mark.unit
def test_name_that_is_empty_stays_empty():
    assert displayed_names.short(" ") == ""


def test_every_login_of_every_client_finds_the_room(group):
    asked = ask(group.room, group.gus, group.cleo_login, group.ines, group.paul)
    assert {one.state for one in asked} == {WAITING}


def test_full_room_admits_nobody_else_and_lets_those_inside_stay(group):
    allow(2)
    waiting = ask(group.room, group.gus, group.ines, group.paul)
    for one in waiting[:2]:
        actions.admit(group.room, one.pk, by=group.tess, now=clock.now())
    with pytest.raises(DomainError, match="places for 2 guests") as refused:
        actions.admit(group.room, waiting[2].pk, by=group.tess, now=clock.now())
    assert refused.value.code == "room_full"
    allow(1)
    assert states(group.room) == {group.gus.name: ADMITTED, "Ines Roth": ADMITTED, "Paul Ek": WAITING}

    allow(2)
    actions.leave(waiting[0], now=clock.now())
    assert actions.admit(group.room, waiting[2].pk, by=group.tess, now=clock.now()).state == ADMITTED


def test_hosts_take_no_place_of_guests(group):
    allow(1)
    ask(group.room, group.tess, group.sam, group.nora)
    (gus,) = ask(group.room, group.gus)
    assert actions.admit(group.room, gus.pk, by=group.tess, now=clock.now()).state == ADMITTED


def test_host_beyond_the_kept_places_is_refused(group, monkeypatch):
    monkeypatch.setattr("sessions_live.rules.capacity.HOSTS", 1)
    ask(group.room, group.tess)
    with pytest.raises(DomainError, match="full"):
        ask(group.room, group.sam)
    assert ask(group.room, group.tess)[0].state == ADMITTED  # whoever is in comes back


def test_admit_all_goes_by_who_came_first_and_as_far_as_there_are_places(group):
    allow(2)
    ask(group.room, group.paul, group.gus, group.ines)
    assert actions.admit_all(group.room, by=group.tess, now=clock.now()) == 1
    assert states(group.room) == {"Paul Ek": ADMITTED, group.gus.name: ADMITTED, "Ines Roth": WAITING}


def test_booking_is_refused_beyond_the_plan(cast):
    allow(2)
    starts_at = clock.now() + timedelta(days=1)
    facts = {
        "practitioner": cast.tess_staff, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=45),
        "time_zone": "Europe/Berlin", "service_name": "Reading group", "by": cast.nora, "now": clock.now(),
    }  # fmt: skip
    people = [cast.cleo, make_client("Ines"), make_client("Paul")]
    with pytest.raises(DomainError, match="Your plan has groups of up to 2") as refused:
        book_appointment(clients=people, **facts)
    assert (refused.value.code, refused.value.field) == ("group_refuse", "clients")
    assert book_appointment(clients=people[:2], **facts).is_group


def test_waiting_person_reads_that_the_room_is_full(group, scenes):
    allow(1)

    async def play(connect):
        tess, gus, ines = [await connect(group.room.pk, one).open() for one in (group.tess, group.gus, group.ines)]
        await tess.send_message("hello")
        await tess.hear("engine")
        for guest in (gus, ines):
            await guest.send_message("hello")
            assert (await guest.hear("waiting"))["full"] is False
        await tess.send_message("admit_all")
        assert (await tess.hear("error"))["code"] == "room_full"
        await gus.hear("admitted")
        await ines.hear("waiting", full=True)

        await gus.send_message("leave")
        await ines.hear("waiting", full=False)
        await tess.send_message("admit_all")
        await ines.hear("admitted")

    scenes(play)


def test_guest_cannot_admit_all(group, scenes):
    async def play(connect):
        gus = await connect(group.room.pk, group.gus).open()
        await gus.send_message("hello")
        await gus.hear("waiting")
        await gus.send_message("admit_all")
        assert (await gus.hear("error", code="not_allowed"))["for"] == "admit_all"
        assert await sync_to_async(lambda: states(group.room))() == {group.gus.name: WAITING}

    scenes(play)


def test_guests_read_each_others_first_names_only(group, scenes, monkeypatch):
    async def nowhere(self, room, **ways):
        """Three people need a media server; here it is about names."""

    monkeypatch.setattr(Peer, "attach", nowhere)

    async def play(connect):
        tess, gus, ines = [await connect(group.room.pk, one).open() for one in (group.tess, group.gus, group.ines)]
        for one in (tess, gus, ines):
            await one.send_message("hello")
            await one.hear("welcome")
        await tess.send_message("admit_all")
        while len(seen := (await ines.hear("people"))["people"]) < 3:
            pass
        assert {one["name"] for one in seen} == {group.tess.name, displayed_names.short(group.gus.name), "Ines Roth"}
        while len(seen := (await tess.hear("people"))["people"]) < 3:
            pass
        assert {one["name"] for one in seen} == {group.tess.name, group.gus.name, "Ines Roth"}

        await gus.send_message("chat", text="Hello")
        assert (await ines.hear("chat"))["message"]["name"] == displayed_names.short(group.gus.name)
        assert (await tess.hear("chat"))["message"]["name"] == group.gus.name
        again = await connect(group.room.pk, group.ines).open()
        await again.send_message("hello")
        welcome = await again.hear("welcome")
        assert [one["name"] for one in welcome["messages"]] == [displayed_names.short(group.gus.name)]
        assert group.gus.name not in str(ines.heard) + str(again.heard)

    scenes(play)


def test_media_server_is_asked_for_the_places_of_guests_and_hosts(group, monkeypatch):
    asked = []

    class Engine:
        async def open_room(self, room, *, capacity):
            asked.append(capacity)

        async def attach(self, admission, **ways):
            return None

    async def ignored(message):
        """Nobody listens."""

    allow(50)
    group.room.moved_to_server = True
    monkeypatch.setattr("sessions_live.engines.engine_for", lambda room: Engine())
    async_to_sync(Peer(peer_id="p", to_client=ignored, to_others=ignored).attach)(group.room, resume=False)
    assert asked == [60]

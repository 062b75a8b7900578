"""Personal links: whose they are, who can come by them, and what hosts do with whoever came (LIV-05 … LIV-09, SAL-03)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.limits import TooOften
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people import grants
from core.people.models import Client
from core.scheduling.actions import book_appointment
from core.scheduling.rules.availability import Window
from sessions_live import actions as live
from sessions_live.models import Admission, LiveSettings, NamesForGuests, SharedVideo
from sessions_live.permissions import RoomRole, role_in
from sessions_live.personal_links import actions
from sessions_live.personal_links.knocking import MOST_WAITING
from sessions_live.personal_links.models import LinkGuest, PersonalLink, RetiredSlug
from sessions_live.personal_links.queries import calls_of_client, link_at
from sessions_live.queries import doorbells_of, session_messages, waiting_for
from sessions_live.recordings.actions import consent
from tests.factories.links import come, knock, link_of, room_of

State = Admission.State
CLOSED = {"is_locked": False, "passphrase": "", "weekly": {}}


@pytest.fixture
def link(cast):
    return link_of(cast.tess_staff)


@pytest.fixture
def appointment(cast):
    starts_at = clock.now() + timedelta(minutes=5)
    return book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(),
    )  # fmt: skip


@pytest.fixture
def room_of_tess(cast, link):
    """Her personal room, in which she is."""
    room = room_of(link)
    live.ask_admission(room, by=cast.tess, now=clock.now() - timedelta(hours=1))
    Admission.objects.update(held_until=clock.now() + timedelta(minutes=10))
    room.refresh_from_db()
    return room


def read_by(room, admission):
    """What this page is given of the session, as it is now."""
    admission.refresh_from_db()
    return [message.text for message in session_messages(room, admission)]


def change(link, **other):
    return actions.change_link(link, **{**CLOSED, **other}, by=link.staff.user, now=clock.now())


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_everybody_who_works_here_has_one_that_reads_like_their_name(cast):
    links = [link_of(staff) for staff in (cast.tess_staff, cast.nora.staff, cast.sam.staff)]

    assert len({link.slug for link in links}) == 3
    assert links[0].slug.startswith("tess-") and len(links[0].slug) > len("tess-")
    assert link_of(cast.tess_staff) == links[0]
    assert AuditEvent.objects.filter(action="personal_link.made").count() == 3


def test_nobody_makes_or_changes_another_ones(cast, link):
    now = clock.now()

    for act in (
        lambda: actions.ensure_link(cast.tess_staff, by=cast.sam, now=now),
        lambda: actions.ensure_link(cast.tess_staff, by=cast.gus, now=now),
        lambda: actions.reset_link(link, by=cast.nora, now=now),
        lambda: actions.change_link(link, **CLOSED, by=cast.nora, now=now),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_its_room_is_run_by_the_owner_and_whoever_looks_after_their_schedule(cast, link):
    room = room_of(link)

    assert role_in(cast.tess, room) is RoomRole.HOST
    assert role_in(cast.sam, room) is RoomRole.HOST  # manages all schedules, or administers this one
    assert role_in(cast.gus, room) is None
    assert role_in(cast.ada, room) is None


def test_old_address_is_dead_at_once_and_nobody_gets_it(cast, link):
    old = link.slug
    waiting, inside = knock(link), knock(link, "Ines Innen")
    live.ask_admission(room_of(link), by=cast.tess, now=clock.now())
    live.admit(room_of(link), inside.pk, by=cast.tess, now=clock.now())

    link = actions.reset_link(link, wanted="Tess am Telefon", by=cast.tess, now=clock.now())

    assert link.slug == "tess-am-telefon"
    assert link_at(old) is None and link_at("tess-am-telefon") == link
    waiting.refresh_from_db()
    inside.refresh_from_db()
    assert (waiting.state, inside.state) == (State.DENIED, State.ADMITTED)
    assert role_in(waiting.guest, room_of(link)) is None
    assert role_in(inside.guest, room_of(link)) is RoomRole.GUEST  # as long as they are in
    live.leave(inside, now=clock.now())
    assert role_in(inside.guest, room_of(link)) is None
    other = link_of(cast.sam.staff)
    for taken in (old, "tess-am-telefon"):
        with pytest.raises(DomainError) as refused:
            actions.reset_link(other, wanted=taken, by=cast.sam, now=clock.now())
        assert refused.value.code == "slug_taken"
    assert RetiredSlug.objects.get().slug == old


@pytest.mark.parametrize(("wanted", "code"), [("a", "slug_short"), ("///", "slug_short"), ("x" * 61, "slug_long")])
def test_address_that_cannot_be_read_is_refused(cast, link, wanted, code):
    with pytest.raises(DomainError) as refused:
        actions.reset_link(link, wanted=wanted, by=cast.tess, now=clock.now())

    assert refused.value.code == code
    assert PersonalLink.objects.get(pk=link.pk).slug == link.slug


# -- who can come ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Paula   Gast ", "Paula   Gast"),
        ("Pau\u200bla", "Paula"),
        ("\u202eevil\u202c Paula", "evil Paula"),
        ("保罗", "保罗"),
        ("Zoë 🎻", "Zoë 🎻"),
        ('<b>"Paula"</b>', '<b>"Paula"</b>'),
        ("Paula\nGast", "Paula Gast"),
    ],
)
def test_name_is_one_line_that_can_be_seen(cast, link, typed, kept):
    assert come(link, typed).name == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        (" \u200b ", "name_missing"),
        ("!!!", "name_missing"),
        ("🎻🎻", "name_missing"),
        ("x" * 61, "name_too_long"),
        ("see pills.example", "name_is_address"),
        ("Pa\x00ula", "control_characters"),
    ],
)
def test_name_by_which_nobody_can_be_called_is_refused(cast, link, typed, code):
    with pytest.raises(DomainError) as refused:
        come(link, typed)

    assert refused.value.code == code
    assert not LinkGuest.objects.exists()


def test_guest_with_the_name_of_the_team_is_marked_twice(cast, link):
    guest, namesake = knock(link), knock(link, cast.tess.name.upper())

    assert guest.shown_name == "Paula Gast (guest)"
    assert namesake.shown_name == f"{cast.tess.name.upper()} (guest, does not work here)"
    assert [notice.title for notice in Notice.objects.filter(user_id=cast.tess.pk).order_by("created_at", "pk")] == [
        "Paula Gast (guest) is waiting",
        f"{cast.tess.name.upper()} (guest, does not work here) is waiting",
    ]


def test_passphrase_is_asked_for_and_kept_encrypted(cast, link):
    change(link, passphrase=" Blaue  Tür ")
    link.refresh_from_db()

    assert link.passphrase == "Blaue  Tür"
    assert "Blaue" not in link.encrypted_passphrase
    for wrong in ("", "blau", "Grüne Tür"):
        with pytest.raises(DomainError) as refused:
            come(link, passphrase=wrong)
        assert refused.value.code == "passphrase_wrong"
    assert come(link, passphrase="blaue  tür").pk
    assert "Blaue" not in str(list(AuditEvent.objects.values_list("changes", flat=True)))


def test_passphrase_that_anybody_guesses_is_refused(cast, link):
    with pytest.raises(DomainError) as refused:
        change(link, passphrase="abc")

    assert refused.value.code == "passphrase_short"


@pytest.mark.parametrize("how", ["locked", "not allowed", "does not work here"])
def test_link_that_leads_nowhere_takes_nobody(cast, link, how):
    room, guest = room_of(link), come(link)
    if how == "locked":
        change(link, is_locked=True)
    elif how == "not allowed":
        LiveSettings.objects.update_or_create(is_current=True, defaults={"links_allowed": False})
    else:
        cast.tess_staff.status = "inactive"
        cast.tess_staff.save()

    with pytest.raises(DomainError) as refused:
        live.ask_admission(type(room).objects.get(pk=room.pk), by=LinkGuest.objects.get(pk=guest.pk), now=clock.now())

    assert refused.value.code in ("link_nowhere", "no_link")
    assert not Admission.objects.exists()


def test_outside_of_its_hours_nobody_new_comes_and_who_waits_stays(cast, link):
    monday = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    waiting = knock(link, now=monday)
    change(link, weekly={0: [Window(9 * 60, 12 * 60)]})
    link.refresh_from_db()
    room = room_of(link)

    again = live.ask_admission(room, by=waiting.guest, now=monday + timedelta(hours=6))

    assert again == waiting
    with pytest.raises(DomainError) as refused:
        live.ask_admission(room, by=come(link, "Später"), now=monday + timedelta(hours=6))
    assert refused.value.code == "link_closed"


def test_so_many_knock_and_no_more(cast, link):
    room = room_of(link)
    for number in range(MOST_WAITING):
        live.ask_admission(room, by=come(link, f"Gast {number}"), now=clock.now())

    with pytest.raises(DomainError) as refused:
        knock(link, "Einer zu viel")

    assert refused.value.code == "link_crowded"


def test_who_knocks_again_and_again_is_asked_to_wait(cast, link):
    guest, room = come(link), room_of(link)

    with pytest.raises(TooOften):
        for _ in range(20):
            live.leave(live.ask_admission(room, by=guest, now=clock.now()), now=clock.now())


# -- what hosts do ---------------------------------------------------------------------------------------------------


def test_request_from_before_waits_for_the_host(cast, link):
    earlier = clock.now() - timedelta(minutes=12)
    waiting = live.ask_admission(room_of(link), by=come(link), now=earlier)
    Admission.objects.update(held_until=clock.now() + timedelta(minutes=1))  # their page is open all the time

    assert [(one.pk, one.asked_at) for one in doorbells_of(cast.tess)] == [(waiting.pk, earlier)]
    assert list(waiting_for(cast.gus)) == list(waiting_for(cast.ada)) == []


def test_doorbell_is_the_owners_and_of_who_administers_their_schedule(cast, link):
    knock(link)
    knock(link_of(cast.nora.staff), "Nur Nora")

    assert [one.name for one in doorbells_of(cast.tess)] == ["Paula Gast"]
    assert [one.name for one in doorbells_of(cast.nora)] == ["Nur Nora"]
    granted = grants.granted(cast.sam, grants.ADMINISTER_SCHEDULE, type(cast.tess_staff))
    assert [one.name for one in doorbells_of(cast.sam)] == (["Paula Gast"] if granted.exists() else [])


def test_several_guests_and_a_client_are_in_one_room(cast, link):
    room = room_of(link)
    live.ask_admission(room, by=cast.tess, now=clock.now())
    actions.come_signed_in(link, passphrase="", by=cast.gus, now=clock.now())
    live.ask_admission(room, by=cast.gus, now=clock.now())
    knock(link), knock(link, "Ines Innen")

    assert live.admit_all(room, by=cast.tess, now=clock.now()) == 0

    inside = room.admissions.filter(state=State.ADMITTED, is_host=False)
    assert sorted(inside.values_list("name", flat=True)) == sorted(["Paula Gast", "Ines Innen", cast.gus.name])
    assert sorted(one.mark for one in inside) == ["", "guest", "guest"]


def test_guest_comes_into_the_session_of_an_appointment_by_a_host_only(cast, link, appointment):
    session, waiting = live.open_room(appointment, now=clock.now()), knock(link)
    assert role_in(waiting.guest, session) is None
    with pytest.raises(DomainError) as refused:
        live.ask_admission(session, by=waiting.guest, now=clock.now())
    assert refused.value.code == "not_a_participant"

    there = live.admit_into(room_of(link), waiting.pk, into=session, by=cast.tess, now=clock.now())

    waiting.refresh_from_db()
    assert (waiting.state, there.state, there.room, there.guest) == (State.LEFT, State.ADMITTED, session, waiting.guest)
    guest = LinkGuest.objects.get()
    assert role_in(guest, session) is RoomRole.GUEST
    assert live.ask_admission(session, by=guest, now=clock.now()) == there
    live.deny(session, there.pk, by=cast.tess, now=clock.now())
    assert role_in(LinkGuest.objects.get(), session) is None


def test_signed_in_person_is_not_let_into_a_session_that_is_not_theirs(cast, link, appointment):
    session = live.open_room(appointment, now=clock.now())
    actions.come_signed_in(link, passphrase="", by=cast.ada, now=clock.now())
    waiting = live.ask_admission(room_of(link), by=cast.ada, now=clock.now())

    with pytest.raises(DomainError) as refused:
        live.admit_into(room_of(link), waiting.pk, into=session, by=cast.tess, now=clock.now())
    assert refused.value.code == "not_by_link"
    with pytest.raises(PermissionDenied):
        live.admit_into(room_of(link), waiting.pk, into=session, by=cast.gus, now=clock.now())


def test_nobody_stays_in_a_personal_room_without_a_host(cast, link):
    room = room_of(link)
    host = live.ask_admission(room, by=cast.tess, now=clock.now())
    inside, waiting = knock(link), knock(link, "Wartet Weiter")
    live.admit(room, inside.pk, by=cast.tess, now=clock.now())

    live.leave(host, now=clock.now())

    for one in (inside, waiting):
        one.refresh_from_db()
    assert (inside.state, waiting.state) == (State.LEFT, State.WAITING)


def test_next_guest_reads_nothing_of_the_one_before(cast, link):
    room, now = room_of(link), clock.now() - timedelta(hours=2)
    host = live.ask_admission(room, by=cast.tess, now=now)
    first = live.ask_admission(room, by=come(link), now=now)
    live.admit(room, first.pk, by=cast.tess, now=now)
    live.post_message(room, "Only for Paula.", by=cast.tess, waiting_person=None, now=now)
    assert read_by(room, host) == read_by(room, first) == ["Only for Paula."]
    live.leave(host, now=now + timedelta(minutes=30))

    host = live.ask_admission(room, by=cast.tess, now=clock.now())
    room.refresh_from_db()

    assert read_by(room, host) == []


@pytest.mark.parametrize("who", ["guest", "signed in"])
def test_next_guest_of_the_same_session_reads_nothing_of_the_one_before(cast, link, room_of_tess, who):
    """The host stays, and lets them in one after the other."""
    room, now = room_of_tess, clock.now() - timedelta(minutes=30)
    first = live.ask_admission(room, by=come(link), now=now)
    live.admit(room, first.pk, by=cast.tess, now=now)
    live.post_message(room, "Only for Paula.", by=cast.tess, waiting_person=None, now=now)
    live.leave(first, now=now + timedelta(minutes=10))

    if who == "guest":
        comer = come(link, "Ines Innen")
    else:
        comer = actions.come_signed_in(link, passphrase="", by=cast.gus, now=clock.now()).user
    second = live.ask_admission(room, by=comer, now=now + timedelta(minutes=11))
    live.admit(room, second.pk, by=cast.tess, now=now + timedelta(minutes=11))
    live.post_message(room, "Hello, Ines.", by=cast.tess, waiting_person=None, now=now + timedelta(minutes=12))

    assert read_by(room, second) == ["Hello, Ines."]
    host = room.admissions.get(is_host=True)
    assert read_by(room, host) == ["Only for Paula.", "Hello, Ines."]


def test_guest_let_into_an_appointment_reads_nothing_of_before_and_a_client_everything(cast, link, appointment):
    session, now = live.open_room(appointment, now=clock.now()), clock.now()
    live.ask_admission(session, by=cast.tess, now=now)
    gus = live.ask_admission(session, by=cast.gus, now=now)
    live.post_message(session, "Between us.", by=cast.tess, waiting_person=None, now=now)
    later = now + timedelta(seconds=1)
    live.admit(session, gus.pk, by=cast.tess, now=later)
    there = live.admit_into(room_of(link), knock(link).pk, into=session, by=cast.tess, now=later)
    live.post_message(session, "Welcome.", by=cast.tess, waiting_person=None, now=later)

    assert read_by(session, there) == ["Welcome."]
    assert read_by(session, gus) == ["Between us.", "Welcome."]


@pytest.mark.parametrize("how", ["leaves", "is removed", "is blocked"])
def test_video_ends_with_the_guest_to_whom_it_was_shown(cast, link, room_of_tess, how):
    room, now = room_of_tess, clock.now()
    first, second = knock(link), knock(link, "Ines Innen")
    live.admit_all(room, by=cast.tess, now=now)
    SharedVideo.objects.create(room=room, video="dQw4w9WgXcQ", at=now, opened_by=cast.tess)
    live.leave(second, now=now)
    assert SharedVideo.objects.exists()  # because somebody still watches it

    if how == "leaves":
        live.leave(Admission.objects.get(pk=first.pk), now=now)
    elif how == "is removed":
        live.deny(room, first.pk, by=cast.tess, now=now)
    else:
        actions.block_guest(first.guest, by=cast.tess, now=now)

    assert not SharedVideo.objects.exists()


def test_video_that_is_ready_before_anybody_comes_stays(cast, link, room_of_tess):
    SharedVideo.objects.create(room=room_of_tess, video="dQw4w9WgXcQ", at=clock.now(), opened_by=cast.tess)

    live.admit(room_of_tess, knock(link).pk, by=cast.tess, now=clock.now())

    assert SharedVideo.objects.exists()


def test_bell_says_at_whom_somebody_waits_to_everybody_but_that_person(cast, link, appointment):
    grants.grant(cast.sam, grants.ADMINISTER_SCHEDULE, cast.tess_staff, by=cast.nora)
    knock(link)
    live.ask_admission(live.open_room(appointment, now=clock.now()), by=cast.gus, now=clock.now())

    def read_by_host(user):
        return sorted(Notice.objects.filter(kind="live.waiting", user_id=user.pk).values_list("body", flat=True))

    assert read_by_host(cast.tess) == ["By personal link", "Speech therapy"]
    assert read_by_host(cast.sam) == [
        f"By personal link, for {cast.tess.name}",
        f"Speech therapy, for {cast.tess.name}",
    ]


def test_denied_guest_may_knock_again_and_a_blocked_one_may_not(cast, link):
    room, denied, blocked = room_of(link), knock(link), knock(link, "Immer Wieder")
    live.deny(room, denied.pk, by=cast.tess, now=clock.now())
    assert live.ask_admission(room, by=denied.guest, now=clock.now()).state == State.WAITING

    guest = actions.block_guest(blocked.guest, by=cast.tess, now=clock.now())

    blocked.refresh_from_db()
    assert blocked.state == State.DENIED
    assert role_in(guest, room) is None
    with pytest.raises(DomainError):
        live.ask_admission(room, by=guest, now=clock.now())
    actions.unblock_guest(guest, by=cast.tess, now=clock.now())
    assert live.ask_admission(room, by=LinkGuest.objects.get(pk=guest.pk), now=clock.now()).state == State.WAITING


def test_blocked_person_does_not_come_back_by_another_browser_for_a_day(cast, link):
    now = clock.now()
    actions.block_guest(come(link, network="a" * 64), by=cast.tess, now=now)

    with pytest.raises(DomainError) as refused:
        come(link, "Ganz Neu", network="a" * 64)
    assert refused.value.code == "link_nowhere"
    assert come(link, "Nachbarin", network="b" * 64).pk
    assert come(link, "Ganz Neu", network="a" * 64, now=now + timedelta(hours=25)).pk


def test_guest_is_blocked_by_hosts_of_the_link_only(cast, link):
    guest = come(link)

    for stranger in (cast.gus, cast.ada):
        with pytest.raises(PermissionDenied):
            actions.block_guest(guest, by=stranger, now=clock.now())


def test_decided_twice_is_decided_once(cast, link):
    room, waiting = room_of(link), knock(link)
    live.admit(room, waiting.pk, by=cast.tess, now=clock.now())

    with pytest.raises(ConflictError):
        live.admit(room, waiting.pk, by=cast.sam, now=clock.now())


def test_call_of_a_prospect_stands_with_them(cast):
    prospect = Client.objects.create(first_name="Paula", last_name="Gast", time_zone="Europe/Berlin", status="prospect")
    guest = knock(link_of(cast.nora.staff)).guest

    actions.note_call(guest, client=prospect, by=cast.nora, now=clock.now())

    assert list(calls_of_client(prospect)) == [guest]
    noted = AuditEvent.objects.get(action="link_call.noted")
    assert (noted.subject_id, noted.changes) == (str(prospect.pk), {"call": [None, "Paula Gast"]})
    actions.note_call(guest, client=None, by=cast.nora, now=clock.now())
    assert not calls_of_client(prospect).exists()


def test_call_of_somebody_new_makes_a_prospect_once(cast):
    guest = knock(link_of(cast.nora.staff)).guest

    noted = actions.note_new_prospect(guest, by=cast.nora, now=clock.now())

    assert (noted.client.name, noted.client.status) == ("Paula Gast", "prospect")
    with pytest.raises(ConflictError):
        actions.note_new_prospect(guest, by=cast.nora, now=clock.now())
    assert Client.objects.filter(first_name="Paula").count() == 1


def test_prospect_is_made_by_who_may_add_clients(cast, link):
    with pytest.raises(PermissionDenied):
        actions.note_new_prospect(come(link), by=cast.tess, now=clock.now())

    assert not Client.objects.filter(first_name="Paula").exists()


def test_call_is_noted_with_nobody_whom_the_host_does_not_see(cast, link):
    stranger = Client.objects.create(first_name="Not", last_name="Theirs", time_zone="Europe/Berlin")

    with pytest.raises(PermissionDenied):
        actions.note_call(come(link), client=stranger, by=cast.tess, now=clock.now())


def test_nothing_is_recorded_in_a_personal_room(cast, link, records, monkeypatch):
    monkeypatch.setattr("sessions_live.engines.can_record", lambda: True)
    room = room_of(link)
    live.ask_admission(room, by=cast.tess, now=clock.now())

    with pytest.raises(DomainError) as refused:
        consent.request_consent(room, by=cast.tess, now=clock.now())
    assert refused.value.code == "recording_not_allowed"


def test_names_for_guests_are_the_organizations_choice(cast):
    live.change_live_settings(
        policy="direct",
        front_desk_hears=False,
        youtube_allowed=False,
        names_for_guests="short",
        by=cast.nora,
        now=clock.now(),
    )
    assert LiveSettings.current().names_for_guests == NamesForGuests.SHORT

    with pytest.raises(DomainError):
        live.change_live_settings(
            policy="direct",
            front_desk_hears=False,
            youtube_allowed=False,
            names_for_guests="all",
            by=cast.nora,
            now=clock.now(),
        )

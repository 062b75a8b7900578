"""Somebody's work for a colleague: what moves, what stays, who sees what afterwards, and the way back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from core.people import grants
from core.people.models import Assignment, Client, StaffMember, User
from core.records.permissions import can_keep_records, notes_visible_to
from core.resources.models import ListedResource, Resource
from core.scheduling import actions
from core.scheduling.actions.availability import Wishes
from core.scheduling.actions.hand_over_preview import preview
from core.scheduling.actions.hand_overs import look
from core.scheduling.models import Appointment, HandOver
from core.scheduling.permissions import (
    CHANGE,
    SEE,
    Viewpoint,
    appointments_visible_to,
    can,
    get_appointment,
    get_hand_over,
)
from core.scheduling.rules.availability import Window
from core.scheduling.rules.hand_overs import fate_of
from tenants.context import organization_context
from tests.factories.records import write
from tests.factories.scheduling import book, book_weekly, make_client, tomorrow
from tests.rules_tables import rows


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def otto(cast):
    return make_client("Otto", practitioner=cast.tess_staff)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def do(cast, clients, *, now, **how):
    """Tess's clients for Sam, by Nora, as the preview has it."""
    seen = how.pop("seen", None) or look(cast.tess_staff, cast.sam_staff, clients, by=cast.nora, now=now).mark
    values = {
        "former": cast.tess_staff,
        "successor": cast.sam_staff,
        "clients": clients,
        "reason": "Tess leaves",
        "seen": seen,
    }
    return actions.hand_over(**{**values, "by": cast.nora, "now": now, **how})


def assigned_to(staff):
    return {client.first_name for client in Client.objects.filter(assignments__practitioner=staff)}


@pytest.mark.unit
@pytest.mark.parametrize(("everybody", "free", "works", "fate"), rows("hand-overs"))
def test_what_becomes_of_an_appointment(everybody, free, works, fate):
    assert fate_of(everybody=everybody == "yes", free=free == "yes", works=works == "yes") == fate


def test_clients_and_what_is_ahead_go_to_the_colleague(cast, now, otto):
    one, series = book(cast), book_weekly(cast)
    stays = book(cast, clients=[otto], at=tomorrow(15))

    made = do(cast, [cast.cleo], now=now)

    assert fresh(one).practitioner == cast.sam_staff
    series = Appointment.objects.filter(series=series, status="booked")
    assert {each.practitioner_id for each in series} == {cast.sam_staff.pk} and series.count() == 4
    assert series[0].series.practitioner == cast.sam_staff
    assert fresh(stays).practitioner == cast.tess_staff
    assert (assigned_to(cast.sam_staff), assigned_to(cast.tess_staff)) == ({"Cleo"}, {"Otto"})
    assert len(made.moved["appointments"]) == 5 and len(made.moved["series"]) == 1
    assert AuditEvent.objects.filter(action="work.handed_over").count() == 2
    assert AuditEvent.objects.filter(action="client.practitioner_assigned", reason_code="assignment.hand_over").exists()


def test_what_clashes_stays_with_whoever_had_it(cast, now):
    series = book_weekly(cast)
    first = Appointment.objects.filter(series=series).order_by("starts_at").first()
    other = make_client("Uma", practitioner=cast.sam_staff)
    book(cast, practitioner=cast.sam_staff, clients=[other], at=first.starts_at + timedelta(weeks=1), by=cast.nora)

    seen = preview(cast.tess_staff, cast.sam_staff, [cast.cleo], now=now)
    assert [each.appointment.starts_at for each in seen.staying] == [first.starts_at + timedelta(weeks=1)]
    do(cast, [cast.cleo], now=now)

    rows = Appointment.objects.filter(participants__client=cast.cleo, status="booked").order_by("starts_at")
    assert [row.practitioner_id == cast.sam_staff.pk for row in rows] == [True, False, True, True]
    assert assigned_to(cast.tess_staff) == {"Cleo"}  # because one booking has stayed


def test_group_moves_only_as_a_whole(cast, now, otto):
    group = book(cast, clients=[cast.cleo, otto])
    do(cast, [cast.cleo], now=now)
    assert fresh(group).practitioner == cast.tess_staff

    do(cast, [cast.cleo, otto], now=now)
    assert fresh(group).practitioner == cast.sam_staff


def test_beside_the_hours_it_moves_with_the_reason(cast, now):
    one = book(cast)
    actions.set_working_hours(cast.sam_staff, weekly={6: [Window(0, 60)]}, wishes=Wishes(), by=cast.nora, now=now)
    assert preview(cast.tess_staff, cast.sam_staff, [cast.cleo], now=now).moving[0].fate.name == "BESIDE_HOURS"
    do(cast, [cast.cleo], now=now)

    assert fresh(one).practitioner == cast.sam_staff
    assert fresh(one).availability_overrides.get().reason == "Tess leaves"


def test_successor_sees_what_was_before_and_only_of_these(cast, now, otto):
    past = Appointment.objects.create(
        practitioner=cast.tess_staff, starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=3) + timedelta(hours=1),
        time_zone="UTC", service_name="Speech", booked_at=now, status="completed",
    )  # fmt: skip
    past.participants.create(client=cast.cleo, starts_at=past.starts_at, ends_at=past.ends_at)
    theirs = Appointment.objects.create(
        practitioner=cast.tess_staff, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=2) + timedelta(hours=1),
        time_zone="UTC", service_name="Speech", booked_at=now, status="completed",
    )  # fmt: skip
    theirs.participants.create(client=otto, starts_at=theirs.starts_at, ends_at=theirs.ends_at)
    note = write(cast)
    grants.revoke(cast.sam, grants.ADMINISTER_SCHEDULE, cast.tess_staff, by=cast.nora)
    sam = User.objects.get(pk=cast.sam.pk)
    assert past not in appointments_visible_to(sam) and note not in notes_visible_to(sam)

    do(cast, [cast.cleo], now=now)

    sam, tess = User.objects.get(pk=cast.sam.pk), User.objects.get(pk=cast.tess.pk)
    assert past in appointments_visible_to(sam) and theirs not in appointments_visible_to(sam)
    assert get_appointment(sam, past.pk, to=SEE) and not can(sam, CHANGE, past)
    assert [row.client for row in Viewpoint(sam).readable_participants(past)] == [cast.cleo]
    assert note in notes_visible_to(sam) and can_keep_records(sam, cast.cleo)
    assert note not in notes_visible_to(tess)
    Assignment.objects.filter(client=cast.cleo, practitioner=cast.sam_staff).delete()
    assert past not in appointments_visible_to(sam)


def test_who_stays_assigned_goes_on_to_see(cast, now):
    do(cast, [cast.cleo], now=now, keeps_former=True)
    assert assigned_to(cast.tess_staff) == assigned_to(cast.sam_staff) == {"Cleo"}


def test_resources_go_along_where_that_is_wished(cast, now):
    mine = Resource.objects.create(
        owner=cast.tess_staff, kind="link", title="Cards", address="https://a.test/", created_at=now, changed_at=now
    )
    ListedResource.objects.create(resource=mine, staff=cast.tess_staff, added_at=now)
    made = do(cast, [cast.cleo], now=now)
    assert fresh(mine).owner == cast.tess_staff and "resources" not in made.moved
    actions.undo_hand_over(made=made, by=cast.nora, now=now)

    made = do(cast, [cast.cleo], now=now, with_resources=True)
    assert fresh(mine).owner == cast.sam_staff
    assert list(mine.listings.values_list("staff", flat=True)) == [cast.sam_staff.pk]
    actions.undo_hand_over(made=made, by=cast.nora, now=now)
    assert fresh(mine).owner == cast.tess_staff


def test_it_is_taken_back_but_for_what_was_changed_since(cast, now):
    one, two, series = book(cast), book(cast, at=tomorrow(15)), book_weekly(cast)
    made = do(cast, [cast.cleo], now=now)
    actions.cancel_appointment(fresh(two), party="practice", by=cast.nora, now=now)

    actions.undo_hand_over(made=made, by=cast.nora, now=now)

    assert fresh(one).practitioner == cast.tess_staff
    assert fresh(two).practitioner == cast.sam_staff
    booked = Appointment.objects.filter(participants__client=cast.cleo, series__isnull=False, status="booked")
    assert {each.practitioner_id for each in booked} == {cast.tess_staff.pk} and booked.count() == 4
    assert (assigned_to(cast.sam_staff), assigned_to(cast.tess_staff)) == (set(), {"Cleo"})
    with pytest.raises(DomainError) as caught:
        actions.undo_hand_over(made=made, by=cast.nora, now=now)
    assert caught.value.code == "too_late"
    assert AuditEvent.objects.filter(action="hand_over.undone").count() == 2
    assert series.pk


def test_after_seven_days_it_stays(cast, now):
    made = do(cast, [cast.cleo], now=now)
    with pytest.raises(DomainError) as caught:
        actions.undo_hand_over(made=made, by=cast.nora, now=now + timedelta(days=8))
    assert caught.value.code == "too_late"


def test_what_was_not_seen_is_not_done(cast, now):
    seen = look(cast.tess_staff, cast.sam_staff, [cast.cleo], by=cast.nora, now=now).mark
    one = book(cast)

    with pytest.raises(DomainError) as caught:
        do(cast, [cast.cleo], now=now, seen=seen)
    assert caught.value.code == "changed_meanwhile"
    assert fresh(one).practitioner == cast.tess_staff and not HandOver.objects.exists()


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"successor": "tess_staff"}, "same_person"),
        ({"clients": []}, "nobody_chosen"),
        ({"reason": "\u200b "}, "reason_missing"),
        ({"clients": ["otto"]}, "not_theirs"),
    ],
)
def test_hand_over_that_makes_no_sense_is_refused(cast, now, how, code):
    stranger = make_client("Otto", practitioner=cast.sam_staff)
    how = {key: getattr(cast, value) if value == "tess_staff" else value for key, value in how.items()}
    clients = [stranger] if how.pop("clients", None) == ["otto"] else ([] if code == "nobody_chosen" else [cast.cleo])
    with pytest.raises(DomainError) as caught:
        do(cast, clients, now=now, seen="x", **how)
    assert caught.value.code == code


def test_nobody_takes_over_who_is_away_or_has_no_schedule(cast, now):
    for values in ({"status": "inactive"}, {"withheld": ["own_schedule"]}):
        StaffMember.objects.filter(pk=cast.sam_staff.pk).update(**values)
        cast.sam_staff.refresh_from_db()
        with pytest.raises(DomainError) as caught:
            do(cast, [cast.cleo], now=now, seen="x")
        assert caught.value.code == "successor_cannot"
        StaffMember.objects.filter(pk=cast.sam_staff.pk).update(status="active", withheld=[])


@pytest.mark.parametrize("name", ["tess", "sam", "gus", "ada"])
def test_who_looks_after_nobody_hands_nothing_over(cast, now, visit, name):
    made = do(cast, [cast.cleo], now=now)
    user = User.objects.get(pk=getattr(cast, name).pk)
    for attempt in (
        lambda: do(cast, [cast.cleo], now=now, by=user, seen="x"),
        lambda: actions.undo_hand_over(made=made, by=user, now=now),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    browser = visit(user)
    assert browser.get(f"/people/staff/{cast.tess_staff.pk}/hand-over/").status_code in (403, 404)
    assert browser.post(f"/people/staff/hand-overs/{made.pk}/undo/").status_code in (403, 404)


def test_nothing_of_a_hand_over_is_known_elsewhere(cast, now):
    made = do(cast, [cast.cleo], now=now)
    with organization_context(cast.south), pytest.raises(NotFound):
        get_hand_over(cast.olga, made.pk)


def test_pages_show_it_first_and_then_do_it(cast, now, visit):
    one, browser = book(cast), visit(cast.nora)
    address = f"/people/staff/{cast.tess_staff.pk}/hand-over/"
    assert browser.get(address).status_code == 200
    sent = {"successor": str(cast.sam_staff.pk), "everybody": "on", "reason": "Tess <b>leaves</b> 田", "tell": "on"}
    assert browser.post(address, {**sent, "reason": ""}).status_code == 422

    shown = browser.post(address, sent)
    assert shown.status_code == 200 and fresh(one).practitioner == cast.tess_staff
    assert shown.context["plan"]["number"] == 1

    done = browser.post(address, {**sent, "seen": shown.context["seen"]})
    assert done.status_code == 302 and fresh(one).practitioner == cast.sam_staff
    made = HandOver.objects.get()
    page = browser.get(address)
    assert "Tess &lt;b&gt;leaves" in page.content.decode()
    browser.post(f"/people/staff/hand-overs/{made.pk}/undo/")
    assert fresh(one).practitioner == cast.tess_staff


def test_preview_asks_as_much_for_many_as_for_one(cast, now, django_assert_max_num_queries):
    for hour in range(8, 16):
        book(cast, at=tomorrow(hour), minutes=45)
    with django_assert_max_num_queries(18):
        assert len(preview(cast.tess_staff, cast.sam_staff, [cast.cleo], now=now).moving) == 8

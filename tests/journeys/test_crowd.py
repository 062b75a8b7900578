"""Many at one slot, through HTTP, at the real server: one wins, the others read a sentence, and nobody meets an error.

Twelve at a time among all tests; two hundred by `make test-hard`.
"""

import re
from collections import Counter

import pytest

from .crowd import Crowd

SIZES = [12, pytest.param(200, marks=pytest.mark.hard)]
both = pytest.mark.parametrize("barrier", [False, True], ids=["free", "barrier"])
sizes = pytest.mark.parametrize("size", SIZES)

PEOPLE = """
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment, AppointmentSeries, Cancellation, Participant
from billing.models import Service
for model in (Cancellation, Participant, Appointment):
    model.objects.all().delete()
AppointmentSeries.objects.all().delete()
while (number := StaffMember.objects.filter(role="practitioner").count()) < {size}:
    user = User.objects.create(email=f"p{{number}}@crowd.test", name=f"P{{number}}", time_zone="UTC")
    StaffMember.objects.create(user=user, role="practitioner")
while (number := Client.objects.count()) <= {size}:
    Client.objects.create(first_name=f"C{{number}}", time_zone="UTC")
service = Service.objects.filter(is_active=True).first()
answer = {{
    "staff": [str(pk) for pk in StaffMember.objects.filter(role="practitioner").order_by("pk").values_list("pk", flat=True)],
    "clients": [str(pk) for pk in Client.objects.order_by("pk").values_list("pk", flat=True)],
    "service": {{"service": str(service.pk)}} if service else {{"service_name": "Race"}},
}}
"""
BOOKED = """
from datetime import timedelta
from core.kernel import clock
from core.people.models import Client, StaffMember, User
from core.scheduling.actions import book_appointment
by = User.objects.get(staff_member__role="owner")
start = (clock.now() + timedelta(days=20)).replace(hour=9, minute=0, second=0, microsecond=0)
answer = []
for practitioner, client, day in {places}:
    starts_at = start + timedelta(days=day)
    made = book_appointment(
        practitioner=StaffMember.objects.get(pk=practitioner), clients=[Client.objects.get(pk=client)], starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50), time_zone="UTC", service_name="Race", override_reason="Race", by=by, now=clock.now(),
    )
    answer.append(str(made.pk))
"""
ASKED = """
from datetime import timedelta
from core.booking_requests.actions import ask_for_appointment
from core.booking_requests.models import BookingRequest
from core.kernel import clock
from core.kernel.reasons import Reason
from core.people.actions import ensure_assigned
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.people.reasons import PeopleReason
from core.scheduling.actions.edit import ServiceChosen
BookingRequest.objects.all().delete()
owner = User.objects.get(staff_member__role="owner")
starts_at = (clock.now() + timedelta(days=20)).replace(hour=9, minute=0, second=0, microsecond=0)
answer = []
for number, (practitioner, client) in enumerate({places}):
    client = Client.objects.get(pk=client)
    login, _ = User.objects.get_or_create(email=f"asker{{number}}@crowd.test", defaults={{"name": "A", "time_zone": "UTC"}})
    LinkedLogin.objects.get_or_create(user=login, client=client, defaults={{"relationship": "self"}})
    Client.objects.filter(pk=client.pk).update(permissions=[*client.permissions, "request_appointments"])
    staff = StaffMember.objects.get(pk=practitioner)
    ensure_assigned(client=client, practitioner=staff, by=owner, now=clock.now(), reason=Reason(PeopleReason.FIRST_APPOINTMENT))
    made = ask_for_appointment(
        client=client, service=ServiceChosen("Race"), minutes=50, mode="online", time_zone="UTC", starts=[starts_at],
        practitioner=staff, by=login, now=clock.now(),
    )
    answer.append((str(made.pk), str(made.times.get().pk)))
"""
ONLINE = """
from datetime import timedelta
from billing.models import Service
from core.booking.actions import change_booking_settings, hold_time, save_bookable_practitioner, save_bookable_service
from core.booking.models import BookablePractitioner, BookableService, BookingSettings, Hold
from core.booking.queries import Wanted
from core.booking.rules import slots
from core.kernel import clock
from core.people.models import StaffMember, User
from core.scheduling.actions import book_appointment
from core.scheduling.models import WorkingHours
by, now = User.objects.get(staff_member__role="owner"), clock.now()
practitioner = StaffMember.objects.get(pk={staff!r})
Hold.objects.all().delete()
service = Service.objects.get_or_create(name="Crowded", defaults={{"amount": 6000, "currency": "EUR", "minutes": 60}})[0]
bookable = BookableService.objects.filter(slug="crowded").first() or BookableService(service_id=service.pk, slug="crowded", modes=["online"])
bookable.places = {places}
save_bookable_service(bookable, by=by)
if not BookablePractitioner.objects.filter(practitioner=practitioner).exists():
    save_bookable_practitioner(BookablePractitioner(practitioner=practitioner, slug="crowded-one"), by=by)
    WorkingHours.objects.bulk_create(WorkingHours(practitioner=practitioner, weekday=day, starts=0, ends=1440) for day in range(7))
change_booking_settings(is_open=True, audience="everybody", step=60, by=by, now=now)
starts_at = (now + timedelta(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)
if {places}:
    book_appointment(
        practitioner=practitioner, clients=[], is_open_group=True, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        time_zone="UTC", service_name=service.name, service_id=service.pk, by=by, now=now,
    )
if {held}:
    hold, _token = hold_time(
        wanted=Wanted(bookable, 60, "online", BookingSettings.current()), practitioners=[practitioner], starts_at=starts_at,
        time_zone="UTC", visitor="early", is_anybody=False, now=now,
    )
    Hold.objects.filter(pk=hold.pk).update(expires_at=now)
answer = slots.number_of(starts_at)
"""
OFFERED = """
from datetime import timedelta
from core.booking.models import Hold
from core.kernel import clock
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.rules.conflicts import Span
from core.waiting_list.actions import add_entry
from core.waiting_list.actions.making import keep, make_offer
from core.waiting_list.models import WaitingEntry, WaitingOffer
by, now = User.objects.get(staff_member__role="owner"), clock.now()
for model in (WaitingOffer, WaitingEntry, Hold):
    model.objects.all().delete()
practitioner = StaffMember.objects.select_related("user").get(pk={staff!r})
starts_at = (now + timedelta(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)
ends_at = starts_at + timedelta(minutes=50)
hold = keep(
    practitioner, Span(starts_at, ends_at), mode="online", time_zone="UTC", expires_at=now + timedelta(hours=1), now=now
)
answer = []
for number, pk in enumerate({clients}):
    client = Client.objects.get(pk=pk)
    login = User.objects.get_or_create(email=f"waits{{number}}@crowd.test", defaults={{"name": "W", "time_zone": "UTC"}})[0]
    LinkedLogin.objects.get_or_create(user=login, client=client, defaults={{"relationship": "self"}})
    entry = add_entry(
        client=client, service=ServiceChosen("Race"), minutes=50, mode="online", until_on=(now + timedelta(days=30)).date(),
        by=by, now=now,
    )
    offer = make_offer(
        entry, practitioner=practitioner, starts_at=starts_at, ends_at=ends_at, freed_from=starts_at, freed_until=ends_at,
        hold=hold, by_hand=by, offered_at=now, expires_at=now + timedelta(hours=1),
    )
    answer.append((str(offer.pk), str(login.pk)))
"""

DAY = "from datetime import timedelta\nfrom core.kernel import clock\nanswer = (clock.now() + timedelta(days={days})).date().isoformat()"


@pytest.fixture(scope="module")
def crowd(served):
    served.provision("crowd")
    return Crowd.of(served, "crowd")


@pytest.fixture
def people(crowd):
    return lambda size: crowd.house.inside("crowd", PEOPLE.format(size=size))


def day(crowd, days):
    return crowd.house.inside("crowd", DAY.format(days=days))


def booked(crowd, places):
    return crowd.house.inside("crowd", BOOKED.format(places=repr(places)))


def assert_one_has_it(crowd, answers, *, winners=1, status=200):
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {status: winners, 409: len(answers) - winners}, (statuses, answers[:3])
    assert all(answer.sentence for answer in answers if answer.status != 302)
    assert crowd.troubles() == []


def dates_in(page):
    """What the page of a series' dates would send of them."""
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen, page[-2000:]
    return {
        "seen": seen.group(1),
        "listed": re.findall(r'name="listed" value="([^"]+)"', page),
        "keep": re.findall(r'name="keep"\s+value="([^"]+)"\s+checked', page),
        **dict(re.findall(r'name="((?:on|at)_[\d-]+)"\s+value="([^"]+)"', page)),
    }


def count(crowd, what):
    return crowd.house.inside("crowd", f"from core.scheduling.models import *\nanswer = {what}")


@both
@sizes
def test_one_slot_is_booked_once(crowd, people, size, barrier):
    there = people(size)
    slot = {"date": day(crowd, 10), "time": "09:00", "minutes": "50", "time_zone": "UTC", "mode": "online"}
    facts = {**slot, **there["service"], "practitioner": there["staff"][0], "override_reason": "Race"}
    requests = [("/appointments/new/", {**facts, "clients": there["clients"][n]}) for n in range(size)]
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, "Appointment.objects.count()") == 1


@both
@sizes
def test_many_moved_onto_one_slot_end_in_one_move(crowd, people, size, barrier):
    there = people(size)
    rows = booked(crowd, [(there["staff"][0], there["clients"][n], n) for n in range(size)])
    slot = {"date": day(crowd, 10), "time": "09:00", "minutes": "50", "time_zone": "UTC", "override_reason": "Race"}
    requests = [(f"/appointments/{pk}/time/", slot) for pk in rows]
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, "Appointment.objects.filter(sequence=1).count()") == 1


@both
@sizes
def test_one_client_brought_into_many_at_once_is_in_one(crowd, people, size, barrier):
    there = people(size)
    rows = booked(crowd, [(there["staff"][n], there["clients"][n], 0) for n in range(size)])
    wanted = there["clients"][size]
    requests = [
        (
            f"/appointments/{pk}/details/?part=people",
            {"practitioner": there["staff"][n], "clients": [there["clients"][n], wanted], "override_reason": "Race"},
        )
        for n, pk in enumerate(rows)
    ]
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, f"Participant.objects.filter(client={wanted!r}, is_attending=True).count()") == 1


@both
@sizes
def test_one_of_many_series_has_the_time(crowd, people, size, barrier):
    there, first = people(size), day(crowd, 10)
    facts = {
        "date": first,
        "time": "09:00",
        "minutes": "50",
        "time_zone": "UTC",
        "mode": "online",
        "frequency": "weeks",
        "every": "1",
        "ends": "count",
        "count": "3",
        **there["service"],
        "practitioner": there["staff"][0],
        "override_reason": "Race",
    }
    asked = [{**facts, "clients": there["clients"][n]} for n in range(size)]
    requests = []
    for values in asked:
        _status, page = crowd.send("/appointments/series/new/", {**values, "step": "look"}, accept="text/html")
        requests.append(("/appointments/series/new/", {**values, **dates_in(page)}))
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, "AppointmentSeries.objects.count(), Appointment.objects.count()") == [1, 3]


@both
@sizes
def test_one_extension_pressed_by_many_is_made_once(crowd, people, size, barrier):
    """From as many tabs, all of which saw the same end."""
    there = people(size)
    [pk] = booked(crowd, [(there["staff"][0], there["clients"][0], 0)])
    begun = """
from datetime import timedelta
from core.kernel import clock
from core.people.models import User
from core.scheduling.models import Appointment
from portal.scheduling.versions import version_values
from portal import versions
row = Appointment.objects.get()
row.starts_at = clock.now() - timedelta(minutes=20)
row.ends_at = row.starts_at + timedelta(minutes=50)
row.save(update_fields=["starts_at", "ends_at"])
owner = User.objects.get(staff_member__role="owner")
version = versions.Version(versions.marks_of(version_values(row)), clock.now())
answer = versions.signed(version, address=f"/appointments/{row.pk}/extension/", user_id=str(owner.pk))
"""
    version = crowd.house.inside("crowd", begun)
    requests = [(f"/appointments/{pk}/extension/", {"minutes": "10", "form_version": version})] * size
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, "Extension.objects.count(), Appointment.objects.get().minutes") == [1, 60]


@both
@sizes
def test_many_requests_for_one_slot_end_in_one_confirmation(crowd, people, size, barrier):
    there = people(size)
    rows = crowd.house.inside(
        "crowd", ASKED.format(places=repr([(there["staff"][0], there["clients"][n]) for n in range(size)]))
    )
    facts = {"mode": "online", "override_reason": "Race"}
    requests = [(f"/requests/{pk}/acceptance/", {**facts, "time": time}) for pk, time in rows]
    assert_one_has_it(crowd, crowd.at_once(requests, barrier=barrier))
    assert count(crowd, "Appointment.objects.count()") == 1


@both
@sizes
@pytest.mark.parametrize(
    ("places", "held", "winners"),
    [(None, False, 1), (None, True, 1), (5, False, 5)],
    ids=["free", "expired", "places"],
)
def test_what_visitors_choose_at_once_is_kept_for_as_many_as_can_have_it(
    crowd, people, size, barrier, places, held, winners
):
    """A free time, one whose hold has just run out, and the places of a group that nobody has joined yet."""
    staff = people(size)["staff"][0]
    start = crowd.house.inside("crowd", ONLINE.format(staff=staff, places=places, held=held))
    requests = [("/book/crowded/", {"start": start, "mode": "online", "zone": "UTC"})] * size
    answers = crowd.at_once(
        requests, barrier=barrier, table="booking_hold", cookies=[crowd.nobody] * size, accept="text/html"
    )
    assert_one_has_it(crowd, answers, winners=winners, status=302)
    kept = "from core.booking.models import Hold\nfrom core.kernel import clock\n"
    kept += "answer = Hold.objects.filter(expires_at__gt=clock.now()).count()"
    assert crowd.house.inside("crowd", kept) == winners


@both
@sizes
def test_a_time_offered_to_all_who_wait_has_one_winner(crowd, people, size, barrier):
    there = people(size)
    offers = crowd.house.inside("crowd", OFFERED.format(staff=there["staff"][0], clients=repr(there["clients"][:size])))
    logins = crowd.logins('email__startswith="waits"')
    requests = [(f"/waiting-list/offers/{offer}/acceptance/", {}) for offer, _login in offers]
    answers = crowd.at_once(requests, barrier=barrier, cookies=[logins[login] for _offer, login in offers])
    assert_one_has_it(crowd, answers)
    assert count(crowd, "Appointment.objects.count()") == 1

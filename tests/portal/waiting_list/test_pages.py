"""The pages of the waiting list, from both sides, and the link in the mail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Service
from core.booking.models import BookableService
from core.kernel import clock
from core.notifications.models import ChannelPreference
from core.scheduling.models import Appointment
from core.waiting_list import actions
from core.waiting_list.links import token_for
from core.waiting_list.models import WaitingEntry, WaitingListSettings, WaitingOffer
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.factories.web import browser_of

NASTY = "周二 🙂 ‏שלום‏ <b>“'&"


@pytest.fixture
def service(cast):
    open_list(cast)
    return Service.objects.create(name="First talk", amount=6000, currency="EUR", minutes=60)


def offer_of(cast, entry, hour=15):
    return actions.offer_by_hand(
        entry, practitioner=cast.tess_staff, starts_at=tomorrow(hour), by=cast.tess, now=clock.now()
    )


def form(cast, offered, /, **changes):
    until = (clock.now() + timedelta(days=20)).date()
    values = {
        "client": str(cast.cleo.pk), "service": str(offered.pk), "mode": "online", "weekdays": ["0", "3"], "begins": "09:00",
        "ends": "12:00", "until_on": until.isoformat(), "note": NASTY,
    }  # fmt: skip
    return {**values, **changes}


@pytest.mark.parametrize(("who", "path", "field"), [("gus", "join", "practitioner"), ("tess", "new", "practitioners")])
def test_somebody_comes_onto_the_list_and_off_it(cast, service, who, path, field):
    browser = browser_of(getattr(cast, who))
    assert browser.get(f"/waiting-list/{path}/").status_code == 200

    sent = browser.post(f"/waiting-list/{path}/", form(cast, service, **{field: str(cast.tess_staff.pk)}))

    entry = WaitingEntry.objects.get()
    assert sent["Location"] == f"/waiting-list/{entry.pk}/"
    assert (entry.weekdays, entry.begins, entry.ends, entry.minutes, entry.note) == ([0, 3], 540, 720, 60, NASTY)
    assert list(entry.practitioners.all()) == [cast.tess_staff]
    page = browser.get(f"/waiting-list/{entry.pk}/").content.decode()
    assert "Take off the list…" in page and "<b>“" not in page
    for user in (cast.gus, cast.tess, cast.nora):
        assert str(entry.pk) in browser_of(user).get("/waiting-list/").content.decode()
    assert browser.post(f"/waiting-list/{entry.pk}/removal/").status_code == 302
    assert WaitingEntry.objects.get().state == "removed"
    assert str(entry.pk) in browser.get("/waiting-list/?state=past").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until_on": "2020-01-01"}, "until_on"),
        ({"until_on": ""}, "until_on"),
        ({"begins": "12:00", "ends": "09:00"}, "ends"),
        ({"begins": "09:00", "ends": "09:30"}, "ends"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"service": ""}, "service"),
    ],
)
def test_what_was_typed_wrongly_is_said_at_its_field(cast, service, changes, field):
    answer = browser_of(cast.gus).post("/waiting-list/join/", form(cast, service, **changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not WaitingEntry.objects.exists()


@pytest.mark.parametrize(("who", "path"), [("gus", "join"), ("tess", "new")])
def test_places_of_what_is_for_groups_can_be_waited_for(cast, service, who, path):
    browser = browser_of(getattr(cast, who))
    BookableService.objects.create(service_id=service.pk, slug="choir", modes=["online"], places=3)
    assert str(service.pk) in browser.get(f"/waiting-list/{path}/").content.decode()
    answer = browser.post(f"/waiting-list/{path}/", form(cast, service))
    assert answer.status_code == 302
    assert WaitingEntry.objects.get().service_id == service.pk


def test_an_offered_time_is_taken_in_the_portal(cast, service):
    offer = offer_of(cast, wait(cast))
    gus = browser_of(cast.gus)
    assert f"/waiting-list/offers/{offer.pk}/acceptance/" in gus.get("/dashboard/").content.decode()
    page = gus.get(f"/waiting-list/offers/{offer.pk}/acceptance/").content.decode()
    assert "Cancelling" in page

    done = gus.post(f"/waiting-list/offers/{offer.pk}/acceptance/")

    assert done["Location"] == f"/appointments/{Appointment.objects.get().pk}/"
    assert "Got a time" in browser_of(cast.tess).get(f"/waiting-list/{offer.entry_id}/").content.decode()


def test_it_is_let_go_in_the_portal(cast, service):
    offer = offer_of(cast, wait(cast))
    assert browser_of(cast.gus).post(f"/waiting-list/offers/{offer.pk}/refusal/").status_code == 302
    assert WaitingOffer.objects.get().state == "declined"


def test_by_the_link_it_is_taken_once_without_signing_in(cast, service, visit):
    offer = offer_of(cast, wait(cast))
    path, stranger = f"/w/{token_for(offer, cast.gus)}/", visit()
    looked = stranger.get(path)
    assert looked.status_code == 200 and "Take this time" in looked.content.decode()
    assert looked["X-Robots-Tag"] == "noindex" and not Appointment.objects.exists()

    for _ in range(2):
        stranger.post(path, {"answer": "accept"})

    assert Appointment.objects.get().booked_by == cast.gus
    assert "Accepted" in stranger.get(path).content.decode()
    assert stranger.post(path, {"answer": "decline"}).status_code == 409
    assert WaitingOffer.objects.get().state == "accepted"


def test_by_the_link_too_late_is_said_with_a_sentence(cast, service, visit):
    offer = offer_of(cast, wait(cast))
    book(cast, at=offer.starts_at, clients=[make_client("Otto", practitioner=cast.tess_staff)])

    answer = visit().post(f"/w/{token_for(offer, cast.gus)}/", {"answer": "accept"})

    assert answer.status_code == 409 and "Tess" in answer.content.decode() and "Otto" not in answer.content.decode()
    assert "Went to somebody else" in answer.content.decode()
    assert WaitingOffer.objects.get().state == "lost"
    assert visit().get("/w/forged/").status_code == 404


def test_in_the_portal_too_late_is_said_and_it_is_lost(cast, service):
    offer = offer_of(cast, wait(cast))
    book(cast, at=offer.starts_at, clients=[make_client("Otto", practitioner=cast.tess_staff)])

    answer = browser_of(cast.gus).post(f"/waiting-list/offers/{offer.pk}/acceptance/")

    assert answer.status_code == 422 and "not free then" in answer.content.decode()
    assert WaitingOffer.objects.get().state == "lost"


def test_somebody_offers_a_time_by_hand(cast, service):
    entry = wait(cast)
    sent = {
        "practitioner": str(cast.tess_staff.pk), "date": f"{tomorrow():%Y-%m-%d}", "time": "15:00", "time_zone": "UTC",
    }  # fmt: skip
    tess = browser_of(cast.tess)
    assert tess.get(f"/waiting-list/{entry.pk}/offer/").status_code == 200
    assert tess.post(f"/waiting-list/{entry.pk}/offer/", sent).status_code == 302
    assert WaitingOffer.objects.get().starts_at == tomorrow(15)
    assert tess.post(f"/waiting-list/{entry.pk}/offer/", sent).status_code == 422


def test_what_is_said_is_so(cast, service):
    tess, gus, alone = browser_of(cast.tess), browser_of(cast.gus), make_client("Alone", practitioner=cast.tess_staff)

    def page_after(browser, path, **changes):
        return browser.post(f"/waiting-list/{path}/", form(cast, service, **changes), follow=True).content.decode()

    assert "They are told when a time that fits frees." in page_after(tess, "new")
    assert "You hear from us when a time that fits frees." in page_after(gus, "join")
    unreached = page_after(tess, "new", client=str(alone.pk))
    assert "On the list. No time can be offered to Alone Other (no login). Book one instead." in unreached
    assert "Offer a time…" not in unreached
    open_list(cast, is_open=False)
    assert "Times are not offered by themselves: offer them by hand." in page_after(tess, "new", begins="08:00")
    joined = page_after(gus, "join", begins="08:30")
    assert "You are on the list." in joined and "You hear from us" not in joined


def test_an_offer_says_who_is_told(cast, service):
    sent = {"practitioner": str(cast.tess_staff.pk), "date": f"{tomorrow():%Y-%m-%d}", "time_zone": "UTC"}
    tess = browser_of(cast.tess)

    path = f"/waiting-list/{wait(cast).pk}/offer/"
    assert (
        "Offered. Told by mail: Cleo North, Gus North."
        in tess.post(path, {**sent, "time": "15:00"}, follow=True).content.decode()
    )
    ChannelPreference.objects.create(user_id=cast.gus.pk, topic="appointments", channels=[])
    otto = make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    path = f"/waiting-list/{wait(cast, otto).pk}/offer/"
    assert (
        "Offered. Nobody is told by mail. Told in the app, as they wish: Gus North."
        in tess.post(path, {**sent, "time": "17:00"}, follow=True).content.decode()
    )
    alone = make_client("Alone", practitioner=cast.tess_staff)
    refused = tess.post(f"/waiting-list/{wait(cast, alone).pk}/offer/", {**sent, "time": "19:00"})
    assert refused.status_code == 422 and "Alone Other (no login)" in refused.content.decode()


def test_strangers_and_insiders_at_the_door(cast, service):
    entry = wait(cast)
    offer = offer_of(cast, entry)
    for user, path, status in (
        (cast.ada, f"{entry.pk}/", 404), (cast.gus, f"{entry.pk}/offer/", 403), (cast.sam, f"{entry.pk}/", 200),
        (cast.tess, f"offers/{offer.pk}/acceptance/", 404), (cast.ada, f"offers/{offer.pk}/refusal/", 404),
        (cast.ada, "join/", 403), (cast.gus, "new/", 403),
    ):  # fmt: skip
        assert browser_of(user).get(f"/waiting-list/{path}").status_code == status


def test_the_settings(cast):
    nora = browser_of(cast.nora)
    assert nora.get("/settings/waiting-list/").status_code == 200
    sent = {"is_open": "on", "mode": "all", "minutes": "30", "notice_hours": "2", "clients_may_join": "on"}
    assert nora.post("/settings/waiting-list/", sent).status_code == 302
    assert WaitingListSettings.current().mode == "all" and WaitingListSettings.current().minutes == 30
    assert nora.post("/settings/waiting-list/", {**sent, "minutes": "1"}).status_code == 422


def test_lists_ask_alike_for_few_and_many(cast, service):
    # Linked before, because the navigation asks more of somebody from all of whose people costs are hidden.
    others = [make_client(f"Ida{number}", practitioner=cast.tess_staff, login=cast.gus) for number in range(2)]
    offer_of(cast, wait(cast))
    counts = {}
    for _ in range(2):
        for user in (cast.tess, cast.gus):
            browser = browser_of(user)
            browser.get("/waiting-list/")
            with CaptureQueriesContext(connection) as asked:
                browser.get("/waiting-list/")
            counts.setdefault(user.name, []).append(len(asked))
        for other in others:
            wait(cast, other)
    assert [(who, few, many) for who, (few, many) in counts.items() if few != many] == []

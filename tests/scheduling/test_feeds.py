"""One's own calendar at a secret address: what stands there for whom, how programs read it, and when it ends."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.models import AuditEvent
from core.people.actions import switch_access
from core.people.models import Client, LinkedLogin, User
from core.people.roles import ClientPermission
from core.scheduling.actions import (
    cancel_appointment,
    cancel_series,
    end_feed,
    move_appointment,
    renew_feed,
    set_feed,
)
from core.scheduling.feed_file import address_of, open_feed, read_feed
from core.scheduling.models import Appointment, CalendarFeed
from core.scheduling.rules import feeds
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, book_weekly, make_client, tomorrow
from tests.factories.web import browser_of
from tests.rules_tables import rows

DAY = timedelta(days=1)


def feed_of(user, *, is_busy_only=False, is_own_only=False):
    return set_feed(is_busy_only=is_busy_only, is_own_only=is_own_only, by=user, now=clock.now())


def path_of(feed):
    return "/" + address_of(feed).split("/", 3)[3]


def events_in(feed):
    return Calendar.from_ical(read_feed(feed, now=clock.now()).content).events


def titles(user, **options):
    return sorted(str(event["summary"]) for event in events_in(feed_of(user, **options)))


@pytest.mark.unit
@pytest.mark.parametrize(("when", "stands"), rows("feeds"))
def test_window_is_the_documented_one(when, stands):
    moment = datetime.strptime(when, "%d %B %Y, %H:%M").replace(tzinfo=UTC)
    begins, ends = feeds.shown_between(datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert (moment + timedelta(minutes=50) > begins and moment < ends) == (stands == "yes")


def test_everybody_reads_their_own_people_and_nobody_else(cast):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    book(cast, clients=[cast.cleo, otto])

    assert titles(cast.tess) == titles(cast.sam) == titles(cast.nora) == ["Cleo Marten, Otto Other · Speech therapy"]
    for person in (cast.gus, cast.ada, cast.cleo_login):
        content = read_feed(feed_of(person), now=clock.now()).content
        assert b"Speech therapy" in content and b"Otto" not in content
    assert "Tess North" in str(events_in(feed_of(cast.gus))[0]["description"])


def test_group_of_many_is_a_number(cast):
    book(cast, clients=[cast.cleo, *(make_client(name, practitioner=cast.tess_staff) for name in ("Otto", "Olli"))])
    assert titles(cast.tess) == ["Group of 3 · Speech therapy"]


def test_login_for_several_reads_whose_it_is(cast):
    make_client("Mia", practitioner=cast.tess_staff, login=cast.gus)
    book(cast)
    assert titles(cast.gus) == ["Speech therapy · Cleo Marten"]


def test_agent_reads_the_clients_that_are_theirs(cast):
    book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    assert titles(cast.ada) == []


def test_client_without_the_permission_reads_nothing_ahead(cast):
    book(cast)
    past = book(cast, at=clock.now() - DAY)
    allowed = [each for each in cast.cleo.permissions if each != ClientPermission.SEE_UPCOMING]
    Client.objects.update(permissions=[*allowed, ClientPermission.SEE_HISTORY.value])
    assert [event["uid"] for event in events_in(feed_of(cast.gus))] == [past.uid]


def test_no_names_where_mail_has_none(cast):
    change_brand(current_brand(), by=cast.nora, names_in_mail=False)
    book(cast)
    for person in (cast.tess, cast.gus):
        content = read_feed(feed_of(person), now=clock.now()).content
        assert b"Cleo" not in content and b"Speech" not in content and b"SUMMARY:" in content


def test_busy_only_says_nothing_but_when(cast):
    book(cast, location="Studio 7", mode="in_person")
    book_weekly(cast, first=(clock.now() + 14 * DAY).date())
    feed = feed_of(cast.tess, is_busy_only=True)
    content = read_feed(feed, now=clock.now()).content.decode()
    assert {str(event["summary"]) for event in events_in(feed)} == {"Busy"}
    assert not [word for word in ("Cleo", "Speech", "Studio", "appointments/", "DESCRIPTION") if word in content]


def test_own_only_leaves_out_other_schedules(cast):
    book(cast)
    book(cast, at=tomorrow(12), practitioner=cast.sam_staff, by=cast.nora)
    assert len(titles(cast.sam)) == 2
    assert len(titles(cast.sam, is_own_only=True)) == 1


def test_cancelled_and_left_is_gone_and_moved_keeps_its_uid(cast):
    first, second = book(cast), book(cast, at=tomorrow(12))
    uid = first.uid
    cancel_appointment(second, by=cast.nora, party="practice", now=clock.now())
    move_appointment(first, starts_at=first.starts_at + DAY, ends_at=first.ends_at + DAY, by=cast.nora, now=clock.now())
    [event] = events_in(feed_of(cast.gus))
    first.refresh_from_db()
    assert (event["uid"], event["dtstart"].dt.astimezone(UTC)) == (uid, first.starts_at)
    assert event["sequence"] == 1


def test_series_is_one_object_with_what_is_otherwise_beside_it(cast):
    series = book_weekly(cast, weeks=6)
    dates = list(series.occurrences.order_by("starts_at"))
    cancel_appointment(dates[1], by=cast.nora, party="practice", now=clock.now())
    move_appointment(
        dates[2],
        starts_at=dates[2].starts_at + timedelta(hours=1),
        ends_at=dates[2].ends_at + timedelta(hours=1),
        by=cast.nora,
        now=clock.now(),
    )
    master, moved = events_in(feed_of(cast.gus))
    assert (master["uid"], moved["uid"]) == (series.uid, series.uid)
    assert "RRULE" in master and len(master["EXDATE"].dts) == 1
    assert moved["RECURRENCE-ID"].dt.astimezone(UTC) == dates[2].starts_at


def test_date_with_other_people_is_named_for_the_practitioner(cast):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    series = book_weekly(cast, weeks=3, clients=(cast.cleo, otto))
    date_two = series.occurrences.order_by("starts_at")[1]
    cancel_appointment(
        date_two, participant=date_two.participants.get(client=otto), by=cast.nora, party="practice", now=clock.now()
    )
    names = [str(event["summary"]) for event in events_in(feed_of(cast.tess))]
    assert sorted(names) == ["Cleo Marten · Speech therapy", "Cleo Marten, Otto Other · Speech therapy"]
    assert all("Otto" not in str(event["summary"]) for event in events_in(feed_of(cast.gus)))


def test_series_without_an_end_goes_on(cast):
    book_weekly(cast, weeks=0)
    [master] = events_in(feed_of(cast.gus))
    assert "UNTIL" not in master["RRULE"] and "EXDATE" not in master


def test_series_cut_off_by_the_window_begins_within_it(cast, monkeypatch):
    series = book_weekly(cast, weeks=30)
    cut = series.occurrences.order_by("starts_at")[5].starts_at + timedelta(days=1)
    feed = feed_of(cast.tess)
    monkeypatch.setattr(clock, "now", lambda: cut + feeds.BACK)
    [master] = events_in(feed)
    assert master["dtstart"].dt.astimezone(UTC) == series.occurrences.order_by("starts_at")[6].starts_at


def test_ended_series_is_gone(cast):
    series = book_weekly(cast)
    cancel_series(
        series.occurrences.order_by("starts_at").first(), scope="all", party="practice", by=cast.nora, now=clock.now()
    )
    assert events_in(feed_of(cast.gus)) == []


def test_programs_read_it_without_cookies_and_only_what_is_new(cast, moved_clock):
    book(cast)
    feed = feed_of(cast.gus)
    browser = browser_of()
    first = browser.get(path_of(feed))

    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not first.cookies and first["Cache-Control"] == "private, no-cache" and first["X-Robots-Tag"] == "noindex"
    calendar = Calendar.from_ical(first.content)
    assert calendar["method"] == "PUBLISH" and calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert b"ATTENDEE" not in first.content and b"VALARM" not in first.content
    assert b"colonnade" not in first.content.lower() and str(calendar["prodid"]) == "-//North Practice//Calendar//EN"

    moved_clock(timedelta(minutes=20))
    assert browser.get(path_of(feed)).content == first.content
    for known in ({"if-none-match": first["ETag"]}, {"if-none-match": f'"x", W/{first["ETag"]}'}):
        again = browser.get(path_of(feed), headers=known)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert browser.get(path_of(feed), headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert browser.head(path_of(feed)).status_code == 200
    feed.refresh_from_db()
    assert feed.read_at is not None

    book(cast, at=tomorrow(12))
    changed = browser.get(path_of(feed), headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    assert browser.get(path_of(feed), headers={"if-modified-since": first["Last-Modified"]}).status_code == 200


def test_only_a_digest_is_kept_and_the_address_is_not_anothers(cast):
    feed, other = feed_of(cast.gus), feed_of(cast.tess)
    token = address_of(feed).rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) == feeds.LETTERS and token not in str(CalendarFeed.objects.values())
    assert open_feed(token).user == cast.gus and address_of(other) != address_of(feed)


def test_address_of_another_key_still_works_and_says_so(cast, settings):
    feed = feed_of(cast.gus)
    path = path_of(feed)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert path_of(feed) == path
    settings.SECRET_KEY_FALLBACKS = []
    assert address_of(feed) == "" and browser_of().get(path).status_code == 200


def test_nothing_on_the_host_of_another_organization(cast):
    book(cast)
    path = path_of(feed_of(cast.gus))
    assert browser_of(organization="south").get(path).status_code == 404
    assert browser_of(cast.olga, organization="south").get(path).status_code == 404


def test_renewed_and_ended_addresses_lead_nowhere(cast):
    feed = feed_of(cast.gus, is_busy_only=True)
    before = path_of(feed)
    renewed = renew_feed(by=cast.gus, now=clock.now())
    assert renewed.is_busy_only and browser_of().get(before).status_code == 404
    assert browser_of().get(path_of(renewed)).status_code == 200
    end_feed(by=cast.gus, now=clock.now())
    assert browser_of().get(path_of(renewed)).status_code == 404
    with pytest.raises(ConflictError):
        end_feed(by=cast.gus, now=clock.now())
    noted = AuditEvent.objects.filter(action__startswith="calendar_feed").values_list("action", flat=True)
    assert sorted(noted) == ["calendar_feed.ended", "calendar_feed.made", "calendar_feed.renewed"]


def test_switched_off_login_has_no_address_and_gets_none_back(cast):
    path = path_of(feed_of(cast.gus))
    switch_access(login=cast.gus, may_log_in=False, by=cast.nora, now=clock.now())
    assert browser_of().get(path).status_code == 404
    switch_access(login=User.objects.get(pk=cast.gus.pk), may_log_in=True, by=cast.nora, now=clock.now())
    assert browser_of().get(path).status_code == 404


def test_login_without_anybody_active_reads_nothing(cast):
    path = path_of(feed_of(cast.gus))
    Client.objects.update(status="inactive")
    assert browser_of().get(path).status_code == 404


def test_untied_login_reads_no_more_of_that_client(cast):
    book(cast)
    make_client("Mia", login=cast.gus)
    feed = feed_of(cast.gus)
    assert len(events_in(feed)) == 1
    LinkedLogin.objects.filter(user=cast.gus, client=cast.cleo).delete()
    assert events_in(feed) == []


def test_read_too_often_is_told_to_wait(cast):
    path = path_of(feed_of(cast.gus))
    browser = browser_of()
    assert {browser.get(path).status_code for _ in range(feeds.READS)} == {200}
    refused = browser.get(path)
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0


def test_number_of_questions_does_not_grow(cast):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            read_feed(CalendarFeed.objects.select_related("user").get(user=cast.nora), now=clock.now())
        return len(asked)

    feed_of(cast.nora)
    book(cast)
    book_weekly(cast, first=(clock.now() + 14 * DAY).date(), weeks=2)
    questions()  # what is kept for the process is read once
    few = questions()
    for number in range(6):
        book(cast, at=tomorrow(10 + number), clients=[make_client(f"C{number}", practitioner=cast.tess_staff)])
    for number in range(3):
        book_weekly(cast, first=(clock.now() + (21 + number) * DAY).date(), at=time(8), weeks=3)
    assert questions() == few
    assert Appointment.objects.count() > 15


def test_page_makes_changes_renews_and_ends(cast, visit):
    browser = visit(cast.sam)
    page = browser.get("/profile/calendar/")
    assert "is_own_only" in page.content.decode()
    assert browser.post("/profile/calendar/", {**fields_of(page), "is_busy_only": "on"}).status_code == 302
    page = browser.get("/profile/calendar/")
    feed = CalendarFeed.objects.get(user=cast.sam)
    text = page.content.decode()
    assert feed.is_busy_only and address_of(feed) in text
    assert f"webcal:{address_of(feed).partition(':')[2]}" in text and "No program has read it yet" in text
    browser_of().get(path_of(feed))
    assert "Last read" in browser.get("/profile/calendar/").content.decode()
    browser.post("/profile/calendar/renewal/", fields_of(page))
    assert address_of(CalendarFeed.objects.get(user=cast.sam)) != address_of(feed)
    browser.post("/profile/calendar/end/", fields_of(browser.get("/profile/calendar/")))
    assert not CalendarFeed.objects.exists()
    assert "is_own_only" not in visit(cast.gus).get("/profile/calendar/").content.decode()

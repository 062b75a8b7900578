"""What is answered by the link in a mail, without signing in: looking changes nothing, each act once, and only what the holder may."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import ConflictError, NotFound
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people.actions import unlink_login
from core.people.models import User
from core.scheduling.actions import (
    allow_client_cancellations,
    ask_for_other_time,
    cancel_appointment,
    confirm_appointment,
    move_appointment,
    tell_late,
)
from core.scheduling.appointment_links import link_to, open_link
from core.scheduling.models import AppointmentLink, Confirmation, LateNotice
from core.scheduling.rules import appointment_links as rules
from tests.factories.scheduling import book, make_client
from tests.factories.web import browser_of
from tests.rules_tables import rows

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def moment(text: str) -> datetime:
    return datetime.strptime(f"2026 {text}", "%Y %d %B %H:%M").replace(tzinfo=UTC)


@pytest.mark.unit
@pytest.mark.parametrize(("at", "status", "acts"), rows("appointment-links"))
def test_acts_are_those_of_the_table(at, status, acts):
    found = rules.acts_at(moment(at), starts_at=START, ends_at=START + 50 * HOUR / 60, is_booked=status == "booked")
    assert found == (set() if acts == "nothing" else set(acts.split(", ")))


@pytest.fixture
def appointment(cast, at):
    return book(cast, at=START)


@pytest.fixture
def token(cast, appointment):
    return token_of(link_to(appointment, user=cast.gus, now=clock.now()))


def token_of(url):
    return url.rstrip("/").rpartition("/")[2]


def test_link_is_the_same_when_the_mail_is_written_again(cast, appointment, token):
    assert token_of(link_to(appointment, user=cast.gus, now=clock.now())) == token
    assert AppointmentLink.objects.count() == 1
    assert token not in str(AppointmentLink.objects.values())


def test_reminder_has_a_link_that_opens_and_changes_nothing(cast, at, deliver):
    book(cast, at=START)
    deliver()
    at(START - 24 * HOUR)
    mail = next(mail for mail in deliver() if "gus@" in mail.to[0])
    path = re.search(r"/a/[\w-]{20}/", mail.body)[0]
    page = browser_of().get(path)
    assert page.status_code == 200 and page["Referrer-Policy"] == "no-referrer"
    assert "Cleo" not in page.content.decode() or "Cleo" in mail.body
    for address in ("confirmation/", "wish/", "delay/", "cancellation/"):
        browser_of().get(path + address)
        browser_of().head(path + address)
    assert not Confirmation.objects.exists() and not LateNotice.objects.exists()
    appointment = AppointmentLink.objects.first().appointment
    assert appointment.is_booked


def test_confirming_is_noted_once_and_falls_with_a_move(cast, appointment, token):
    link = open_link(token, now=clock.now())
    for _ in range(2):
        confirm_appointment(link, starts_at=START, now=clock.now())
    row = Confirmation.objects.get()
    assert (row.participant.client, row.confirmed_by_name) == (cast.cleo, str(cast.gus))
    assert AuditEvent.objects.filter(action="appointment.confirmed").count() == 1
    nora = browser_of(cast.nora)
    assert "Confirmed" in nora.get(f"/appointments/{appointment.pk}/").content.decode()
    move_appointment(appointment, starts_at=START + HOUR, ends_at=START + 2 * HOUR, by=cast.tess, now=clock.now())
    assert "badge--success" not in nora.get(f"/appointments/{appointment.pk}/summary/").content.decode()
    with pytest.raises(ConflictError, match="another time"):
        confirm_appointment(link, starts_at=START, now=clock.now())


def test_being_late_tells_the_practitioner_once_per_word(cast, at, appointment, token):
    at(START - HOUR)
    for minutes in (10, 10, 20):
        tell_late(open_link(token, now=clock.now()), minutes=minutes, starts_at=START, now=clock.now())
    notices = Notice.objects.filter(user_id=cast.tess.pk, kind="running_late")
    assert [notice.title for notice in notices.order_by("title")] == [
        "Cleo Marten will be about 10 minutes late",
        "Cleo Marten will be about 20 minutes late",
    ]
    assert LateNotice.objects.get().minutes == 20
    assert "20 minutes late" in browser_of(cast.tess).get(f"/appointments/{appointment.pk}/").content.decode()
    events = browser_of(cast.tess).get(
        "/calendar/events/", {"start": "2026-03-09T00:00:00Z", "end": "2026-03-12T00:00:00Z"}
    )
    assert "20 minutes late" in events.content.decode()


def test_wish_is_passed_on_in_their_words_and_changes_nothing(cast, appointment, token):
    wish = "“Nachmittags”, 午後 ☂️ <b>\n\n'--"
    ask_for_other_time(open_link(token, now=clock.now()), wish=wish, starts_at=START, now=clock.now())
    notice = Notice.objects.get(user_id=cast.tess.pk, kind="time_asked")
    assert notice.body == " ".join(wish.split())
    appointment.refresh_from_db()
    assert appointment.starts_at == START and appointment.is_booked


@pytest.mark.parametrize("is_open", [False, True])
def test_cancelling_keeps_both_gates(cast, appointment, token, is_open):
    allow_client_cancellations(is_open, by=cast.nora, now=clock.now())
    cast.cleo.permissions = [*cast.cleo.permissions, "cancel_appointments"]
    cast.cleo.save()
    browser = browser_of()
    page = browser.get(f"/a/{token}/cancellation/", follow=True)
    assert ("Cancelling is free now" in page.content.decode()) is is_open
    posted = {"starts_at": START.isoformat(), "level": 0, "reason": "ill"}
    after = browser.post(f"/a/{token}/cancellation/", posted, follow=True).content.decode()
    appointment.refresh_from_db()
    assert appointment.is_booked is not is_open
    assert ("It is cancelled." in after) is is_open
    again = browser.post(f"/a/{token}/cancellation/", posted, follow=True)
    assert again.status_code == 200


@pytest.mark.parametrize("how", ["forged", "unlinked", "switched off", "hidden"])
def test_link_opens_nothing_any_more(cast, appointment, token, how):
    if how == "forged":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    elif how == "unlinked":
        unlink_login(client=cast.cleo, login=cast.gus, by=cast.nora, now=clock.now())
    elif how == "switched off":
        User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    else:
        cast.cleo.permissions = []
        cast.cleo.save()
    with pytest.raises(NotFound):
        open_link(token, now=clock.now())
    assert browser_of().get(f"/a/{token}/").status_code == 404
    assert browser_of().post(f"/a/{token}/confirmation/", {"starts_at": START.isoformat()}).status_code == 404


def test_link_of_somebody_in_a_group_speaks_of_their_people_only(cast, at):
    other = make_client("Sibyl", practitioner=cast.tess_staff)
    group = book(cast, at=START, clients=[cast.cleo, other])
    link = open_link(token_of(link_to(group, client=other, now=clock.now())), now=clock.now())
    confirm_appointment(link, starts_at=START, now=clock.now())
    assert [row.participant.client for row in Confirmation.objects.all()] == [other]
    page = browser_of().get(f"/a/{link.token}/").content.decode()
    assert "Cleo" not in page and "confirmed that you come" in page
    assert "Confirmed" not in browser_of(cast.tess).get("/appointments/").content.decode()  # not all of them


def test_client_without_a_login_cancels_by_their_link(cast, at):
    guest = make_client("Sibyl", practitioner=cast.tess_staff)
    guest.permissions = [*guest.permissions, "cancel_appointments"]
    guest.save()
    appointment = book(cast, at=START, clients=[guest])
    allow_client_cancellations(True, by=cast.nora, now=clock.now())
    link = open_link(token_of(link_to(appointment, client=guest, now=clock.now())), now=clock.now())
    cancellation = cancel_appointment(appointment, by=link.holder, now=clock.now())
    assert (cancellation.cancelled_by_id, cancellation.cancelled_by_name) == (None, "Sibyl Other")
    assert open_link(link.token, now=clock.now()).acts == frozenset()
    assert "does not take place" in browser_of().get(f"/a/{link.token}/").content.decode()


def test_link_after_the_end_says_that_it_is_over(cast, at, appointment, token):
    at(START + 2 * HOUR)
    page = browser_of().get(f"/a/{token}/")
    assert "It is over." in page.content.decode()
    browser_of().post(f"/a/{token}/confirmation/", {"starts_at": START.isoformat()})
    assert not Confirmation.objects.exists()

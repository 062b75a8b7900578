"""Text messages: numbers and consent, what leaves, what comes back, and the limit."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.kernel import clock, encryption
from core.kernel.errors import DomainError
from core.kernel.models import OutboxMessage
from core.notifications import text_gateway
from core.notifications.messages import Topic
from core.notifications.models import Delivery, Notice, NotificationSettings
from core.notifications.rules.text_parts import parts_of, plainer
from core.people import actions
from core.scheduling.actions import cancel_appointment, move_appointment, move_series, set_reminders
from tests.factories.scheduling import book, book_weekly
from tests.factories.text_service import MOBILE, agreed, open_account
from tests.factories.web import browser_of
from tests.notifications.texts import deliver
from tests.rules_tables import rows


def quiet_night(cast, at, ends=time(8)):
    at(datetime(2026, 3, 2, 22, 0, tzinfo=UTC))  # 23:00 in Berlin
    set_reminders(
        minutes=[], schedule_minutes=[], quiet_begins=time(22), quiet_ends=ends, by=cast.nora, now=clock.now()
    )


@pytest.mark.unit
@pytest.mark.parametrize(("letter", "times", "alphabet", "letters", "number"), rows("text-parts"))
def test_parts_are_those_of_the_table(letter, times, alphabet, letters, number):
    found = parts_of(letter * int(times))
    assert (found.alphabet, found.letters, found.number) == (alphabet, int(letters), int(number))


@pytest.mark.unit
def test_signs_of_print_leave_as_plain_ones():
    assert plainer("10:00\u202fAM – “so”…") == '10:00 AM - "so"...'
    assert parts_of(plainer("10:00\u202fAM")).alphabet == "GSM-7"


def test_booked_moved_and_cancelled_are_told_without_what_it_is_about(cast, service):
    open_account(cast)
    agreed(cast.gus)
    appointment = book(cast, at=clock.now() + timedelta(days=3), service_name="Trauma therapy")
    deliver()
    start = clock.now() + timedelta(days=4)
    move_appointment(appointment, starts_at=start, ends_at=start + timedelta(minutes=50), by=cast.tess, now=clock.now())
    deliver()
    appointment.refresh_from_db()
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    deliver()

    assert [each.to for each in service] == [MOBILE] * 3
    said = " ".join(each.body for each in service)
    assert said.count("North Practice") == 3 and "booked" in said and "is now on" in said and "is off" in said
    assert "Trauma" not in said and "Cleo" not in said and "http://north.test/a/" in said
    assert {each.sender for each in service} == {"+4915199999999"}
    log = Delivery.objects.filter(channel="sms")
    assert log.count() == 3 and {row.address for row in log} == {MOBILE}


def test_what_was_moved_again_meanwhile_is_not_told(cast, service):
    open_account(cast)
    agreed(cast.gus)
    appointment = book(cast, at=clock.now() + timedelta(days=3))
    start = clock.now() + timedelta(days=4)
    move_appointment(appointment, starts_at=start, ends_at=start + timedelta(minutes=50), by=cast.tess, now=clock.now())
    deliver()

    assert len(service) == 1 and "is now on" in service[0].body


def test_reminder_is_texted_once_with_the_link_that_answers(cast, service, at):
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    open_account(cast)
    agreed(cast.gus)
    set_reminders(
        minutes=[1440], schedule_minutes=[], quiet_begins=None, quiet_ends=None, by=cast.nora, now=clock.now()
    )
    book(cast, at=start)
    deliver()
    service.clear()
    at(start - timedelta(hours=24))
    deliver()
    deliver()

    (one,) = service
    link = one.body.split()[-1]
    assert browser_of(None).get(link.removeprefix("http://north.test")).status_code == 200


def test_refused_number_is_in_the_log_and_nobody_is_bothered(cast, service):
    open_account(cast)
    agreed(cast.gus, "+4915123450000")
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()

    row = Delivery.objects.get(channel="sms")
    assert (row.state, row.reason_code, row.address) == ("failed", "delivery.text_number", "+4915123450000")
    assert not Notice.objects.filter(kind="promise_failed").exists()


def test_limit_of_the_day_is_told_once(cast, service):
    open_account(cast, texts_a_day=1)
    agreed(cast.gus)
    for day in (3, 4, 5):
        book(cast, at=clock.now() + timedelta(days=day))
    deliver()

    assert len(service) == 1
    assert Delivery.objects.filter(channel="sms", reason_code="delivery.text_limit").count() == 2
    assert Notice.objects.filter(kind="texts_held", user_id=cast.nora.pk).count() == 1


@pytest.mark.parametrize("sender", ["12", "A name that is too long", "<b>", "0123"])
def test_impossible_senders_are_refused(cast, sender):
    with pytest.raises(DomainError):
        open_account(cast, sender=sender)


def test_key_is_kept_encrypted_and_never_shown(cast):
    open_account(cast, token="very-secret-key")
    row = NotificationSettings.current()

    assert "very-secret-key" not in row.text_token
    assert encryption.decrypt(row.text_token, purpose=text_gateway.PURPOSE) == "very-secret-key"
    assert "very-secret-key" not in browser_of(cast.nora).get("/settings/text-messages/").content.decode()
    open_account(cast, token="")
    assert text_gateway.token_of(NotificationSettings.current()) == "very-secret-key"
    assert OutboxMessage.objects.filter(payload__icontains="very-secret-key").count() == 0


@pytest.mark.parametrize("sender", ["MG Therapie", "MGTHERAPY", "+4915199999999", "MG" + "0" * 32])
def test_only_ids_of_groups_leave_as_such(cast, service, sender, monkeypatch):
    open_account(cast, sender=sender)
    agreed(cast.gus)
    forms = []
    monkeypatch.setattr(
        text_gateway.TwilioGateway, "_asked", lambda _, method, form: forms.append(form) or {"sid": "SM1"}
    )
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()

    (form,) = forms
    assert form.get("MessagingServiceSid" if sender == "MG" + "0" * 32 else "From") == sender
    page = browser_of(cast.nora).get("/settings/text-messages/").content.decode()
    assert ("A sender that is a name cannot be answered" in page) == (sender in ("MG Therapie", "MGTHERAPY"))


@pytest.mark.parametrize(("hour", "leaves"), [(7, 1), (9, 0)])
def test_move_is_told_before_the_time_that_it_leaves(cast, service, at, hour, leaves):
    open_account(cast)
    agreed(cast.gus)
    appointment = book(cast, at=datetime(2026, 3, 3, hour, 15, tzinfo=UTC))
    deliver()
    service.clear()
    quiet_night(cast, at)
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    move_appointment(appointment, starts_at=start, ends_at=start + timedelta(minutes=50), by=cast.tess, now=clock.now())
    deliver()

    assert len(service) == leaves


def test_reminder_of_several_says_whose_answer_it_takes(cast, service, at):
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    open_account(cast)
    agreed(cast.gus)
    set_reminders(
        minutes=[1440], schedule_minutes=[], quiet_begins=None, quiet_ends=None, by=cast.nora, now=clock.now()
    )
    book(cast, at=start)
    book(cast, at=start + timedelta(hours=3))
    deliver()
    service.clear()
    at(start - timedelta(hours=24))
    deliver()

    (one,) = service
    assert "2 appointments" in one.body and "first at" in one.body and "Answer for this one: http" in one.body


@pytest.mark.parametrize("wants_texts", [True, False])
def test_mail_reminder_is_owed_where_only_a_text_told_of_a_late_booking(cast, service, at, wants_texts):
    open_account(cast)
    agreed(cast.gus)
    news = frozenset({"sms"}) if wants_texts else frozenset()
    chosen = {Topic.APPOINTMENTS: news, Topic.REMINDERS: frozenset({"email", "sms"})}
    actions.choose_channels(chosen=chosen, by=cast.gus, now=clock.now())
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    at(start - timedelta(hours=3))
    book(cast, at=start)
    deliver()

    mailed = Delivery.objects.filter(kind="appointment_reminder", recipient_id=str(cast.gus.pk), channel="email")
    assert mailed.count() == 1
    assert len(service) == 1  # of the booking, or of the reminder


@pytest.mark.parametrize(("quiet_ends", "leaves"), [(time(15, 45), 1), (time(8), 0)])
def test_move_of_a_series_is_told_before_the_time_that_it_leaves(cast, service, at, quiet_ends, leaves):
    open_account(cast)
    agreed(cast.gus)
    series = book_weekly(cast, first=date(2026, 3, 3))  # at 16:00 in Berlin
    deliver()
    service.clear()
    quiet_night(cast, at, ends=quiet_ends)
    first = series.occurrences.order_by("starts_at").first()
    move_series(
        first,
        scope="all",
        wall=datetime(2026, 3, 4, 16, 0),
        minutes=50,
        time_zone="Europe/Berlin",
        by=cast.tess,
        now=clock.now(),
    )
    deliver()

    assert len(service) == leaves

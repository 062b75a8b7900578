"""Reminders by mail, behind the bell and by push: each once, each by who wants it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.messages import Topic
from core.notifications.models import Notice
from core.people import actions
from core.people.models import LinkedLogin, User
from core.scheduling.actions import cancel_appointment, set_reminders
from core.scheduling.models import ChannelReminder, Reminder
from tests.factories.push_service import add_device, push_service
from tests.factories.scheduling import book, book_weekly

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def behind_the_bell(user):
    return list(Notice.objects.filter(user_id=user.pk, kind="appointment_reminder"))


def mailed(mails, user):
    return [mail for mail in mails if user.email in mail.to[0] and "Reminder" in mail.subject]


def test_reminder_is_mailed_and_behind_the_bell_once(cast, at, deliver):
    book(cast, at=START)
    deliver()
    at(START - 24 * HOUR)

    assert len(mailed(deliver(), cast.gus)) == 1
    assert mailed(deliver(), cast.gus) == []
    (notice,) = behind_the_bell(cast.gus)
    assert "Speech therapy" in notice.body
    told = Reminder.objects.get(user=cast.gus), ChannelReminder.objects.get(user=cast.gus)
    assert [each.channel for each in told] == ["email", "notice"]


def test_two_on_one_day_are_one_notice(cast, at, deliver):
    book(cast, at=START)
    book(cast, at=START + 3 * HOUR)
    deliver()
    at(START - 24 * HOUR)
    deliver()
    at(START - 21 * HOUR)
    deliver()

    (notice,) = behind_the_bell(cast.gus)
    assert notice.title.startswith("2 ") and notice.body == "" and notice.path == "/appointments/"


def test_whoever_muted_the_mail_has_the_notice_alone(cast, at, deliver):
    actions.choose_channels(chosen={Topic.REMINDERS: frozenset({"push"})}, by=cast.gus, now=clock.now())
    book(cast, at=START)
    deliver()
    at(START - 24 * HOUR)

    assert mailed(deliver(), cast.gus) == []
    assert len(behind_the_bell(cast.gus)) == 1


def test_practitioner_has_one_of_the_schedule(cast, at, deliver):
    book(cast, at=START)
    deliver()
    at(START - 24 * HOUR)
    deliver()

    assert (
        Notice.objects.get(user_id=cast.tess.pk, kind="schedule_reminder").path
        == "/appointments/" + str(Reminder.objects.filter(user=cast.tess).first().appointment_id) + "/"
    )


def test_cancelled_in_between_reminds_nobody(cast, at, deliver):
    appointment = book(cast, at=START)
    deliver()
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    at(START - 24 * HOUR)
    deliver()

    assert behind_the_bell(cast.gus) == []


@pytest.mark.parametrize(
    ("begins", "ends", "reaches"), [(time(9), time(11), START - 23 * HOUR), (time(12), time(13), None)]
)
def test_push_of_a_reminder_waits_for_the_end_of_quiet_hours(cast, at, deliver, settings, begins, ends, reaches):
    """10:00 on the wall in Berlin is when the reminder falls due."""
    set_reminders(
        minutes=[24 * 60], schedule_minutes=[], quiet_begins=begins, quiet_ends=ends, by=cast.nora, now=clock.now()
    )
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        add_device(cast.gus, service.device())
        book(cast, at=START)
        deliver()
        service.arrived.clear()
        at(START - 24 * HOUR)
        deliver()

        waiting = OutboxMessage.objects.filter(name="notifications.push", state="waiting").first()
        assert (waiting.due_at if waiting else None) == reaches
        assert len(service.arrived) == (0 if reaches else 1)
        at(START - 22 * HOUR)
        deliver()
        assert len(service.arrived) == 1


def only(name):
    """Keep what is promised by this name alone."""
    for message in OutboxMessage.objects.filter(name=name, state="waiting"):
        outbox.keep(message)
        OutboxMessage.objects.filter(pk=message.pk).update(state="done")


def test_worker_of_the_release_before_mails_what_is_behind_the_bell_already(cast, at, deliver):
    """It takes every row of `Reminder` for a mail, whatever column was added since."""
    book(cast, at=START)
    deliver()
    at(START - 24 * HOUR)
    only("scheduling.remind_people")
    only("scheduling.remind_in_app")

    assert len(behind_the_bell(cast.gus)) == 1 and not Reminder.objects.exists()
    assert len(mailed(deliver(), cast.gus)) == 1


def test_everybody_is_found_in_as_many_questions_as_one(cast, at, deliver):
    def asked(appointment):
        (message,) = OutboxMessage.objects.filter(
            name="scheduling.remind_people", about_id=str(appointment.pk), state="waiting"
        )
        with CaptureQueriesContext(connection) as queries:
            outbox.keep(message)
        return len(queries)

    one = book(cast, at=START)
    deliver()
    for number in range(5):
        login = User.objects.create_user(
            email=f"g{number}@north.test", password="x", name="G", time_zone="Europe/Berlin"
        )
        LinkedLogin.objects.create(user=login, client=cast.cleo, relationship="guardian")
    other = book(cast, at=START + 96 * HOUR)
    deliver()
    LinkedLogin.objects.filter(user__name="G").update(client=cast.cleo)
    at(START - 24 * HOUR)
    many = asked(other)
    LinkedLogin.objects.filter(user__name="G").delete()

    assert asked(one) == many
    assert OutboxMessage.objects.filter(name="scheduling.remind", about_id=str(other.pk)).count() >= 6


def mute_news(user):
    chosen = {Topic.APPOINTMENTS: frozenset(), Topic.REMINDERS: frozenset({"email"})}
    actions.choose_channels(chosen=chosen, by=user, now=clock.now())


def test_news_that_was_muted_is_no_reminder(cast, at, deliver):
    mute_news(cast.gus)
    at(START - 3 * HOUR)
    book(cast, at=START)

    (mail,) = [mail for mail in deliver() if cast.gus.email in mail.to[0]]
    assert mail.subject.startswith("Reminder") and behind_the_bell(cast.gus) == []
    assert mailed(deliver(), cast.gus) == []


def test_muted_news_of_a_series_is_no_reminder(cast, at, deliver):
    mute_news(cast.gus)
    book_weekly(cast, first=clock.now().date())

    assert len(mailed(deliver(), cast.gus)) == 1
    assert mailed(deliver(), cast.gus) == []


def test_whoever_muted_both_hears_of_it_behind_the_bell_alone(cast, at, deliver):
    chosen = {Topic.APPOINTMENTS: frozenset(), Topic.REMINDERS: frozenset()}
    actions.choose_channels(chosen=chosen, by=cast.gus, now=clock.now())
    at(START - 3 * HOUR)
    book(cast, at=START)

    assert [mail for mail in deliver() if cast.gus.email in mail.to[0]] == []

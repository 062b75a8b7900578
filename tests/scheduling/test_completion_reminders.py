"""When something can be completed, also before its booked start; what is free then; and who is reminded that it is not completed."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import OutboxMessage
from core.scheduling.actions import complete_appointment
from core.scheduling.completion_reminders import promise_completion_reminders
from core.scheduling.rules import completion
from tests.factories.scheduling import book, completion_type, make_client
from tests.rules_tables import rows

HOUR = timedelta(hours=1)
START = datetime(2026, 5, 4, 15, tzinfo=UTC)
HELD, MISSED = "Completed", "Missed - no costs"


@pytest.mark.parametrize(("when", "before", "can"), rows("completion", "at"))
@pytest.mark.unit
def test_the_rule_answers_as_its_table_says(when, before, can):
    hours, minutes = when.split(":")
    now = START.replace(hour=int(hours), minute=int(minutes))
    assert completion.can_complete(START, was_held_before=before == "yes", now=now) == (can == "yes")


@pytest.mark.parametrize(("after", "reminded"), rows("completion", "after the end"))
@pytest.mark.unit
def test_somebody_is_reminded_as_the_table_says(after, reminded):
    now = START + int(after.split()[0]) * HOUR
    assert completion.is_to_be_reminded(START, now=now) == (reminded == "yes")


@pytest.mark.parametrize(("when", "offered"), rows("completion", "no-show clock, at"))
@pytest.mark.unit
def test_missed_is_offered_as_the_table_says(when, offered):
    hours, minutes = when.split(":")
    now = START.replace(hour=int(hours), minute=int(minutes))
    assert (now >= completion.missed_from(START, minutes=15)) == (offered == "yes")


def complete(appointment, cast, kind=HELD, **facts):
    return complete_appointment(
        appointment, completion_type=completion_type(kind), by=cast.tess, now=clock.now(), **facts
    )


def test_what_was_held_before_its_start_is_completed_and_its_time_is_free(cast):
    later = book(cast, at=clock.now() + 3 * HOUR)
    with pytest.raises(DomainError, match="not begun") as refusal:
        complete(later, cast)
    assert refusal.value.field == "was_held_before"
    complete(later, cast, was_held_before=True)
    assert book(cast, at=later.starts_at).is_booked


def test_what_did_not_take_place_cannot_have_done_so_before(cast):
    with pytest.raises(DomainError, match="not begun"):
        complete(book(cast, at=clock.now() + HOUR), cast, MISSED, was_held_before=True)


def test_not_days_before(cast):
    with pytest.raises(DomainError, match="not begun"):
        complete(book(cast, at=clock.now() + 30 * HOUR), cast, was_held_before=True)


def test_the_time_of_what_was_missed_is_free_at_once(cast):
    running = book(cast, at=clock.now() - timedelta(minutes=20), minutes=60)
    complete(running, cast, MISSED)
    again = book(cast, at=clock.now() + timedelta(minutes=5), minutes=30)
    assert again.starts_at < running.ends_at


def promises():
    return OutboxMessage.objects.filter(name="scheduling.remind_to_complete")


def test_one_mail_a_night_and_each_appointment_in_one_of_them(cast, mailoutbox):
    first = book(cast, at=clock.now() - 30 * HOUR)
    second = book(cast, at=clock.now() - 28 * HOUR, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    book(cast, at=clock.now() - 5 * HOUR)
    for night in range(3):
        promise_completion_reminders(now=clock.now() + timedelta(minutes=night))
    (promise,) = promises()
    assert set(promise.payload["appointments"]) == {str(first.pk), str(second.pk)}
    promise_completion_reminders(now=clock.now() + 24 * HOUR)  # the third one is a day old by then
    assert promises().count() == 2
    complete(second, cast)
    OutboxMessage.objects.exclude(name="scheduling.remind_to_complete").delete()
    outbox.deliver_due()
    mails = [mail for mail in mailoutbox if "tess@" in mail.to[0]]
    assert len(mails) == 2 and "To be completed: 1 " in mails[0].subject
    assert "/appointments/to-complete/" in mails[0].body


def test_no_mail_where_it_was_completed_meanwhile(cast, mailoutbox):
    over = book(cast, at=clock.now() - 30 * HOUR)
    promise_completion_reminders(now=clock.now())
    complete(over, cast)
    OutboxMessage.objects.exclude(name="scheduling.remind_to_complete").delete()
    outbox.deliver_due()
    assert not mailoutbox and promises().get().state == OutboxMessage.State.VOID


def test_nothing_is_promised_for_whoever_is_gone(cast):
    book(cast, at=clock.now() - 30 * HOUR)
    cast.tess.is_active = False
    cast.tess.save(update_fields=["is_active"])
    promise_completion_reminders(now=clock.now())
    assert not promises().exists()

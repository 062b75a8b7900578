"""How long before the practices remind, whose words differ, and what was answered to a reminder already."""

from datetime import datetime, time, timedelta

from billing.models import Service
from core.kernel.models import OutboxMessage
from core.notifications.messages import Topic
from core.notifications.outbox_names import SEND_TEXT_CODE
from core.people import actions as people
from core.people.models import User
from core.scheduling import actions
from core.scheduling.appointment_links import link_to, open_link
from core.scheduling.models import Appointment, ReminderPreference
from core.scheduling.rules.appointment_links import LinkAct
from deploy.local.seed.people import Cast

A_DAY, TWO_HOURS, THREE_DAYS = 24 * 60, 2 * 60, 3 * 24 * 60
ANSWERED = 6


def set_reminders(cast: Cast, *, now: datetime) -> None:
    """A day and two hours before, quiet at night; the longest of what is offered three days before; one guardian chose otherwise."""
    actions.set_reminders(
        minutes=[A_DAY, TWO_HOURS],
        schedule_minutes=[A_DAY],
        quiet_begins=time(21),
        quiet_ends=time(7),
        by=cast.owner,
        now=now,
    )
    longest = Service.objects.filter(is_active=True).order_by("-minutes").first()
    if longest is not None:
        actions.set_service_reminders(longest.pk, minutes=[THREE_DAYS, A_DAY], by=cast.owner, now=now)
    guardian = User.objects.filter(links__relationship="guardian", is_active=True).order_by("created_at").first()
    if guardian is not None:
        actions.set_own_reminders(
            minutes=[A_DAY, 60], schedule_minutes=None, for_clients={}, quiet=ReminderPreference.Quiet.OWN,
            quiet_begins=time(20), quiet_ends=time(8), by=guardian, now=now,
        )  # fmt: skip


def choose_channels(*, now: datetime) -> None:
    """One guardian mutes the mail about the calendar and has it in the app; a colleague wants no mail about what could not be done."""
    guardians = User.objects.filter(links__relationship="guardian", is_active=True).order_by("created_at").distinct()
    colleagues = User.objects.filter(staff_member__role="practitioner", is_active=True).order_by("created_at")
    for user, topic in ((guardians[1:2].first(), Topic.APPOINTMENTS), (colleagues.first(), Topic.TEAM)):
        if user is not None:
            people.choose_channels(chosen={topic: frozenset()}, by=user, now=now)


def send_texts(cast: Cast, *, sender: str, now: datetime) -> None:
    """An account at the catcher beside the mail, and who has agreed: a login of the client who comes next, and whoever runs that.

    Their numbers are those that regulators keep for films.
    """
    people.set_text_account(
        has_texts=True, account="AC" + "0" * 32, token="demo-key-of-text-messages", sender=sender, texts_a_day=200,
        by=cast.owner, now=now,
    )  # fmt: skip
    login = User.objects.filter(links__client=cast.clients[0], is_active=True).order_by("created_at").first()
    for user, number in ((login, "+49 171 3920012"), (cast.practitioners[0].user, "+49 176 04069012")):
        if user is not None:
            people.give_text_number(number=number, by=user, now=now)
            promise = OutboxMessage.objects.get(name=SEND_TEXT_CODE, payload__user=str(user.pk))
            people.confirm_text_number(code=promise.payload["code"], by=user, now=now)


def answer_some(*, now: datetime) -> None:
    """Some of the next ones are confirmed, and somebody says that they will be late."""
    ahead = Appointment.objects.filter(status="booked", starts_at__gt=now, participants__client__logins__is_active=True)
    for appointment in ahead.distinct().order_by("starts_at")[:ANSWERED]:
        user = User.objects.filter(links__client__in=appointment.clients.all(), is_active=True).first()
        if user is None:
            continue
        link = open_link(link_to(appointment, user=user, now=now).rstrip("/").rpartition("/")[2], now=now)
        if appointment.starts_at - now < timedelta(hours=1) and LinkAct.LATE in link.acts:
            actions.tell_late(link, minutes=10, starts_at=appointment.starts_at, now=now)
        elif LinkAct.CONFIRM in link.acts:
            actions.confirm_appointment(link, starts_at=appointment.starts_at, now=now)

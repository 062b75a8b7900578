"""Times that have freed are offered, offers run out, and mails about them leave, when the outbox says so."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, still_so, text_messages
from core.notifications.mail import Recipient
from core.notifications.messages import Topic
from core.people.models import StaffMember, User
from core.scheduling.models import Appointment
from core.scheduling.rules.conflicts import Span
from core.waiting_list import notifications, outbox_names
from core.waiting_list.actions import expire_offer, offer_freed, offer_places, promise_each_day
from core.waiting_list.messages import WAITING_OFFER, WAITING_OFFER_TEXT
from core.waiting_list.models import WaitingOffer
from core.waiting_list.permissions import can_answer, offers_with_all
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    entry = message.payload.get("entry")
    return path_of("waiting_list:entry", entry) if entry else path_of("waiting_list:list")


def _practitioner(message: OutboxMessage) -> list[Any]:
    found = StaffMember.objects.filter(pk=message.payload.get("practitioner") or None)
    return list(found.values_list("user_id", flat=True))


@outbox.handler(
    outbox_names.OFFER_TIME, label=gettext_noop("Offer a time to those who wait"), page=_page, answerable=_practitioner
)
def offer_time(message: OutboxMessage) -> None:
    """Offer what is still free of a time that has freed."""
    facts = message.payload
    practitioner = StaffMember.objects.select_related("user").filter(pk=facts["practitioner"]).first()
    if practitioner is None or not practitioner.is_active:
        raise outbox.Obsolete("nobody works by this schedule any more")
    freed = Span(datetime.fromisoformat(facts["begins"]), datetime.fromisoformat(facts["ends"]))
    apart_from = [UUID(each) for each in facts.get("apart_from", ())]
    made = offer_freed(practitioner, freed, apart_from=apart_from, now=clock.now())
    # Never void, because it may have promised to go on after quiet hours.
    message.outcome = f"offered to {len(made)}"


@outbox.handler(
    outbox_names.OFFER_PLACES,
    label=gettext_noop("Offer places to those who wait"),
    page=_page,
    answerable=_practitioner,
)
def offer_places_of(message: OutboxMessage) -> None:
    """Offer what is left of a group."""
    group = Appointment.objects.select_related("practitioner__user").filter(pk=message.payload["group"]).first()
    if group is None or not group.is_booked:
        raise outbox.Obsolete("the group does not take place")
    apart_from = [UUID(each) for each in message.payload["apart_from"]]
    made = offer_places(group, apart_from=apart_from, now=clock.now())
    message.outcome = f"offered to {len(made)}"


@outbox.handler(
    outbox_names.OFFER_DAYS,
    label=gettext_noop("Offer opened hours to those who wait"),
    page=_page,
    answerable=_practitioner,
)
def offer_days(message: OutboxMessage) -> None:
    """Promise each of the days by itself."""
    facts = message.payload
    first_on, last_on = date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"])
    key = f"waiting:days:{message.pk}"
    made = promise_each_day(facts["practitioner"], first_on, last_on, key=key, now=clock.now())
    message.outcome = f"{made} days"


@outbox.handler(
    outbox_names.END_OFFER,
    label=gettext_noop("End an offer to somebody who waits"),
    page=_page,
    answerable=_practitioner,
)
def end_offer(message: OutboxMessage) -> None:
    """Let it run out, and offer the time to the next."""
    if not expire_offer(UUID(message.payload["offer"]), now=clock.now()):
        raise outbox.Obsolete("it was answered")


@outbox.handler(
    outbox_names.SEND_OFFER,
    label=gettext_noop("Mail: a time from the waiting list"),
    is_mail=True,
    page=_page,
    answerable=_practitioner,
)
def send_offer(message: OutboxMessage) -> None:
    """Mail one login, as long as the time can be taken."""
    offer, user = _open_offer(message.payload["offer"], message.payload["user"])
    zone = offer.entry.client.time_zone
    mail.send(
        message,
        WAITING_OFFER,
        to=Recipient(str(user.pk), user.name, user.email, zone, user.reads),
        content=lambda: notifications.content_of(offer, user),
        about=offer.entry,
    )


@outbox.handler(
    outbox_names.TEXT_OFFER,
    label=gettext_noop("Text message: a time from the waiting list"),
    page=_page,
    answerable=_practitioner,
)
def text_offer(message: OutboxMessage) -> None:
    """Tell one login by text message, as long as the time can be taken."""
    offer, user = _open_offer(message.payload["offer"], message.payload["user"])
    zone = offer.entry.client.time_zone
    to = text_messages.reader_of(user.pk, time_zone=zone, language=user.reads, topic=Topic.APPOINTMENTS)
    if to is None:
        raise outbox.Obsolete("they do not want it by text message")
    text_messages.send(
        message,
        WAITING_OFFER_TEXT,
        to=to,
        content=lambda: notifications.text_content_of(offer, user),
        about=offer.entry,
    )


def check_still_open(pk: str, user_id: Any, happens_at: datetime | None) -> None:
    """Obsolete when push of this offer is nothing for this login any more (`core.notifications.still_so`)."""
    _open_offer(pk, user_id)


still_so.register(WaitingOffer._meta.label_lower, check_still_open)


def _open_offer(pk: str, user_id: Any) -> tuple[WaitingOffer, User]:
    offer = offers_with_all().filter(pk=pk).first()
    user = User.objects.filter(pk=user_id).first()
    if offer is None or user is None or not offer.is_open(clock.now()) or not can_answer(user, offer):
        raise outbox.Obsolete("it cannot be taken any more")
    return offer, user

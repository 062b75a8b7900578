"""Mails about requests, and their end by the clock, when the outbox says so."""

from datetime import datetime
from typing import Any

from core.booking_requests import messages, notifications, outbox_names
from core.booking_requests.actions import expire_request
from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import can_see, with_everything
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, text_messages
from core.notifications.mail import Recipient
from core.notifications.messages import Content, Topic
from core.people.models import User
from core.people.permissions import logins_acting_for
from tenants.absolute_urls import absolute_url, path_of


def _page(message: OutboxMessage) -> str:
    return path_of("booking_requests:request", message.payload["request"])


def _answerable(message: OutboxMessage) -> list[Any]:
    """Who hears of a failure when nobody made the promise by hand."""
    found = with_everything(BookingRequest.objects.filter(pk=message.payload["request"])).first()
    return [user.pk for user in notifications.answerers_of(found)] if found else []


@outbox.handler(
    outbox_names.SEND_NEWS,
    label=gettext_noop("Mail: a request for a time"),
    is_mail=True,
    page=_page,
    answerable=_answerable,
)
def send_news(message: OutboxMessage) -> None:
    """Mail one person what became of a request; nothing when there is a later word about it, or it is no longer their business."""
    facts = message.payload
    request, user = _news(facts)
    kinds = messages.TO_STAFF if facts["for_staff"] else messages.TO_ASKERS
    zone = user.time_zone if facts["for_staff"] else request.client.time_zone
    mail.send(
        message,
        kinds[facts["kind"]][0],
        to=Recipient(str(user.pk), user.name, user.email, zone, user.reads),
        content=lambda: notifications.content_of(
            request, user, for_staff=facts["for_staff"], kind=facts["kind"], words=facts["words"]
        ),
        about=request,
    )


@outbox.handler(
    outbox_names.TEXT_NEWS,
    label=gettext_noop("Text message: an answer to a request"),
    page=_page,
    answerable=_answerable,
)
def text_news(message: OutboxMessage) -> None:
    """The same to those who ask, as a text message: that there is an answer, and where."""
    facts = message.payload
    request, user = _news(facts)
    zone = request.client.time_zone
    to = text_messages.reader_of(user.pk, time_zone=zone, language=user.reads, topic=Topic.APPOINTMENTS)
    if to is None:
        raise outbox.Obsolete("they do not want it by text message")
    link = absolute_url(notifications.page_of(request))
    text_messages.send(
        message, messages.TEXTS[facts["kind"]], to=to, content=lambda: Content(values={"link": link}), about=request
    )


@outbox.handler(
    outbox_names.EXPIRE, label=gettext_noop("End a request whose times have passed"), page=_page, answerable=_answerable
)
def expire(message: OutboxMessage) -> None:
    """End it if nothing was agreed by then."""
    if not expire_request(_request(message.payload["request"]), now=clock.now()):
        raise outbox.Obsolete("it is settled, or waits longer by now")


def _news(facts: dict[str, Any]) -> tuple[BookingRequest, User]:
    """The request and who is told. Obsolete when there is a later word about it, or it is no longer their business."""
    request = _request(facts["request"])
    if request.changed_at != datetime.fromisoformat(facts["changed_at"]):
        raise outbox.Obsolete("there is a later word about it")
    user = User.objects.filter(pk=facts["user"]).first()
    if user is None or not _concerns(user, request, for_staff=facts["for_staff"]):
        raise outbox.Obsolete("it is no longer their business")
    return request, user


def _request(pk: str) -> BookingRequest:
    found = with_everything(BookingRequest.objects.filter(pk=pk)).first()
    if found is None:
        raise outbox.Obsolete("the request is gone")
    return found


def _concerns(user: User, request: BookingRequest, *, for_staff: bool) -> bool:
    """Askers hear of it as long as they act for the client; the others as long as they see it."""
    if for_staff:
        return can_see(user, request)
    return user in logins_acting_for(request.client)

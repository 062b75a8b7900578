"""One text message to one person, in the organization's words, from an outbox handler.

Whom it is for is known before anything of it is written, so that the log has the number of what fails. The log keeps neither the code nor the
link that a message has: whoever reads it there could use them. The provider's reports find the message by the promise in their address, which
only the account's key can sign.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from branding.queries import current_brand
from branding.speaking import speaking
from core.kernel import clock
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications import text_gateway
from core.notifications.channels import channels_of, text_number_of
from core.notifications.deliveries import LEFT, Letter, begin, log
from core.notifications.failures import MailError
from core.notifications.languages import in_language
from core.notifications.messages import Channel, Content, Message, Topic
from core.notifications.models import Delivery, NotificationSettings
from core.notifications.reasons import DeliveryReason
from core.notifications.rules.message_text import MessageText
from core.notifications.rules.text_parts import plainer
from core.notifications.text_gateway import TextMessage
from core.notifications.text_templates import TEXT_CODE
from core.notifications.texts import write
from tenants.absolute_urls import absolute_url, path_of

HIDDEN = "…"
SECRETS = ("link", "code")


@dataclass(frozen=True, slots=True)
class TextReader:
    """Whom a text message goes to, and how they read it."""

    user_id: str
    number: str
    time_zone: str
    language: str


def reader_of(user_id: UUID, *, time_zone: str, language: str, topic: Topic) -> TextReader | None:
    """This login as somebody who gets text messages about `topic`; None where it does not want them, or none can reach it."""
    number = text_number_of(user_id)
    if not number or Channel.SMS not in channels_of(user_id, topic):
        return None
    return TextReader(str(user_id), number, time_zone, language)


def send(
    promise: OutboxMessage,
    message: Message,
    *,
    to: TextReader,
    content: Callable[[], Content],
    about: models.Model | None = None,
    text: MessageText | None = None,
    is_test: bool = False,
) -> Delivery:
    """Write the message for the reader and hand it over; returns the log's row. `text`: other words than those in force.

    MailError(permanent=True) when number or account are refused, or the day's limit is reached; (permanent=False) when the provider is away.
    """
    left = Delivery.objects.filter(promise_id=promise.pk, state__in=LEFT).first()
    if left is not None:  # because the provider has reported of it, although its answer never came
        return left
    organization, now = NotificationSettings.current(), clock.now()
    about_id = str(about.pk) if about is not None else ""
    about_kind = about._meta.label_lower if about is not None else ""
    letter = Letter(message.code, to.user_id, to.number, about_kind, about_id, is_test=is_test, channel=Channel.SMS)
    attempt = begin(promise, letter, f"text:{promise.pk}")
    with (
        speaking(about, to.user_id),
        in_language(to.language) as language,
        timezone.override(ZoneInfo(to.time_zone)),
    ):
        said = content()
        body = plainer(write(message, said, language, text).subject)
        hidden = {name: HIDDEN for name in SECRETS if said.values.get(name)}
        attempt.subject = plainer(
            write(message, replace(said, values={**said.values, **hidden}), language, text).subject
        )
    was_tried = promise.attempts > 1 or promise.failures > 0
    promise.outcome = text_gateway.send(
        TextMessage(organization.text_sender, to.number, body, absolute_url(path_of("text_report", promise.pk))),
        organization,
        was_tried_since=promise.created_at if was_tried else None,
        but=lambda ids: _of_others(promise, to.number, ids),
        check=lambda: _check_limit(organization, is_code=message.code == TEXT_CODE.code, now=now),
    )
    return log(promise, letter, message_id=attempt.message_id, subject=attempt.subject, state=Delivery.State.SENT)


def _of_others(promise: OutboxMessage, number: str, ids: Collection[str]) -> Collection[str]:
    """Which of the provider's ids are those of messages to this number that kept other promises, or whose loss is in the log already."""
    others = Delivery.objects.filter(channel=Channel.SMS, address=number).exclude(promise_id=promise.pk)
    kept = OutboxMessage.objects.filter(pk__in=others.values("promise_id"), outcome__in=list(ids))
    lost = Delivery.objects.filter(channel=Channel.SMS, address=number, state=Delivery.State.FAILED)
    noted = {detail.partition(" ")[0] for detail in lost.values_list("detail", flat=True)}
    return {*kept.values_list("outcome", flat=True), *(noted & set(ids))}


def sent_today(*, now: datetime) -> int:
    """How many left since midnight by the organization's clock."""
    return _left_today(now=now).count()


def _left_today(*, now: datetime) -> QuerySet[Delivery]:
    zone = ZoneInfo(current_brand().time_zone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Delivery.objects.filter(channel=Channel.SMS, created_at__gte=midnight, state__in=LEFT)


def latest_trouble() -> Delivery | None:
    """The last text message, where it shows that none leaves as things still stand: the limit, the account, or the way to the provider."""
    latest = (
        Delivery.objects.filter(channel=Channel.SMS).exclude(state=Delivery.State.VOID).order_by("-changed_at").first()
    )
    return latest if latest is not None and is_everybodys(latest) and _still_holds(latest, now=clock.now()) else None


def is_everybodys(delivery: Delivery) -> bool:
    """Whether why it failed holds for every text message, not for its number alone."""
    return delivery.state not in Delivery.ARRIVING and delivery.reason_code in (
        DeliveryReason.TEXT_LIMIT,
        DeliveryReason.TEXT_ACCOUNT,
        DeliveryReason.TEXT_AWAY,
    )


def _still_holds(trouble: Delivery, *, now: datetime) -> bool:
    """Not when the day of the limit is over or another limit is set, when the account was changed since, or when nothing was tried for a day."""
    organization = NotificationSettings.current()
    if trouble.reason_code == DeliveryReason.TEXT_LIMIT:
        return _is_full(organization, is_code=trouble.kind == TEXT_CODE.code, now=now)
    if trouble.reason_code == DeliveryReason.TEXT_ACCOUNT:
        about = {"subject_kind": organization._meta.label_lower, "subject_id": str(organization.pk)}
        changed = AuditEvent.objects.filter(**about, at__gt=trouble.changed_at)
        return not changed.filter(changes__has_any_keys=["text_account", "text_token", "text_sender"]).exists()
    return now - trouble.changed_at < timedelta(days=1)


def _is_full(organization: NotificationSettings, *, is_code: bool, now: datetime) -> bool:
    """Codes are counted apart, so that whoever asks for codes does not use up the day of reminders."""
    left = _left_today(now=now)
    counted = left.filter(kind=TEXT_CODE.code) if is_code else left.exclude(kind=TEXT_CODE.code)
    return counted.count() >= organization.texts_a_day


def _check_limit(organization: NotificationSettings, *, is_code: bool, now: datetime) -> None:
    if _is_full(organization, is_code=is_code, now=now):
        raise MailError(DeliveryReason.TEXT_LIMIT, permanent=True)

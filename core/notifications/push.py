"""A notice that also goes to somebody's devices: promised with the notice, one promise per device, and looked at again when it leaves."""

import json
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from branding.addresses import icon_path
from branding.queries import current_brand
from branding.speaking import speaking
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications import deliveries, outbox_names, push_messages, still_so, waiting, web_push
from core.notifications.channels import channels_of, living
from core.notifications.deliveries import Letter
from core.notifications.messages import Channel, Content, Topic
from core.notifications.models import Delivery, Notice, NotificationSettings, PushSubscription
from core.notifications.rules.message_text import one_line
from core.notifications.texts import write
from tenants.absolute_urls import path_of
from tenants.context import branch_context

WORTH = timedelta(hours=24)  # what is older stands behind the bell all the same


def promise(
    notice: Notice,
    topic: Topic,
    *,
    happens_at: datetime | None,
    heard_by: datetime | None = None,
    about: models.Model | None,
    branch: UUID | None = None,
) -> None:
    """Promise it for each of the person's devices, where they hear of `topic` by push; for the end of their quiet hours, where it can wait.

    `branch`: as which it is said.
    """
    devices = list(living(notice.user_id))
    if not devices or Channel.PUSH not in channels_of(notice.user_id, topic):
        return
    now, needed = clock.now(), heard_by or happens_at
    held = waiting.until(notice.user_id, happens_at=needed, now=now) if topic.can_wait else None
    for device in devices:
        outbox.enqueue(
            outbox_names.SEND_PUSH,
            due_at=held or outbox.AT_ONCE,
            key=f"push:{notice.pk}:{device.pk}",
            about=about,
            notice=str(notice.pk),
            device=str(device.pk),
            topic=topic.value,
            language=get_language() or "en",
            happens_at=happens_at.isoformat() if happens_at else "",
            branch=str(branch) if branch else "",
        )


def text_for(notice: Notice, topic: Topic, *, language: str) -> dict[str, str]:
    """What the device is told, in the language in force. Whatever else there is to know stands behind the sign-in."""
    brand = current_brand()
    said = write(push_messages.BY_TOPIC[topic], Content(), language)
    body = "\n".join(one_line(line) for paragraph in said.body for line in paragraph)
    if NotificationSettings.current().push_text == NotificationSettings.PushText.SUBJECT:
        body = notice.title
    return {
        "title": said.subject[:120],
        "body": body[:240],
        "icon": icon_path(brand, "192"),
        "url": path_of("notifications:detail", notice.pk),
        "tag": str(notice.pk),
        "language": language,
    }


def deliver(message: OutboxMessage, notice: Notice, device: PushSubscription, *, language: str, now: datetime) -> None:
    """Hand it over and note what became of it. A subscription that has ended is forgotten."""
    topic = Topic(message.payload["topic"])
    with _in_the_name_of(notice, message.payload):
        text = text_for(notice, topic, language=language)
        seconds = int((_worth_until(notice, message.payload) - now).total_seconds())
        answer = web_push.send(device, json.dumps(text).encode(), is_urgent=not topic.can_wait, seconds=seconds)
    if answer == web_push.Answer.GONE:
        device.delete()
        message.outcome = "the subscription has ended"
        return
    is_taken = answer == web_push.Answer.TAKEN
    if is_taken:
        PushSubscription.objects.filter(pk=device.pk).update(used_at=now)
    deliveries.log(
        message,
        Letter(notice.kind, str(notice.user_id), device.device, channel=Channel.PUSH),
        message_id=f"push:{message.pk}",
        state=Delivery.State.SENT if is_taken else Delivery.State.FAILED,
        subject=text["body"],
    )


def _in_the_name_of(notice: Notice, facts: dict[str, Any]) -> AbstractContextManager[None]:
    """As the branch as which it was said; of promises of the release before, as that of the reader."""
    if "branch" not in facts:
        return speaking(None, str(notice.user_id))
    return branch_context(UUID(facts["branch"]) if facts["branch"] else None)


def is_offered() -> bool:
    """Whether the organization has push at all."""
    return bool(settings.OFFLINE_PAGE) and NotificationSettings.current().has_push


def still_wanted(message: OutboxMessage, *, now: datetime) -> tuple[Notice, PushSubscription]:
    """The notice and the device, as things stand now. Obsolete when it was read, is old or no longer so, was muted, or the device takes no more."""
    facts: dict[str, Any] = message.payload
    notice = Notice.objects.filter(pk=facts["notice"]).first()
    if notice is None or notice.read_at is not None:
        raise outbox.Obsolete("it was read")
    if _worth_until(notice, facts) <= now:
        raise outbox.Obsolete("it is old")
    if message.about_kind:
        still_so.check(message.about_kind, message.about_id, user_id=notice.user_id, happens_at=_happens_at(facts))
    device = living(notice.user_id).filter(pk=facts["device"]).first()
    if device is None:
        raise outbox.Obsolete("the device takes no more")
    if Channel.PUSH not in channels_of(notice.user_id, Topic(facts["topic"])):
        raise outbox.Obsolete("they do not want it by push")
    return notice, device


def _worth_until(notice: Notice, facts: dict[str, Any]) -> datetime:
    """A day long, or until what was still to come when it was said begins."""
    day, happens_at = notice.created_at + WORTH, _happens_at(facts)
    return min(day, happens_at) if happens_at is not None and happens_at > notice.created_at else day


def _happens_at(facts: dict[str, Any]) -> datetime | None:
    known = facts.get("happens_at")  # promises of the release before have none
    return datetime.fromisoformat(known) if known else None

"""By which channels a person hears of something: the one place that every message asks."""

from collections.abc import Collection, Mapping
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from core.kernel import clock
from core.notifications.messages import Topic, registered
from core.notifications.models import (
    ChannelPreference,
    NotificationSettings,
    PushSubscription,
    StoppedNumber,
    TextNumber,
)
from core.notifications.rules.channels import CHOSEN, Channel, channels_in_force

# What is on in an organization that has decided nothing. Push and text messages come on top: who gives a device or a number wants them.
USUAL: frozenset[str] = frozenset({Channel.EMAIL, Channel.PUSH, Channel.SMS})


def channels_of(user_id: UUID, topic: Topic) -> frozenset[Channel]:
    """By which channels this login hears of `topic` now."""
    return channels_of_each([user_id], topic)[user_id]


def channels_of_each(user_ids: Collection[UUID], topic: Topic) -> dict[UUID, frozenset[Channel]]:
    """The same of several, in as many questions as of one."""
    organization, own, reached = NotificationSettings.current(), _chosen(user_ids, topic), reaching(user_ids)
    usual, known = usual_of(organization, topic), there_are(organization)
    return {
        user_id: channels_in_force(
            always_mailed=topic.always_mailed,
            organization=usual,
            own=own.get(user_id),
            there_are=known,
            reaching=reached[user_id],
        )
        for user_id in user_ids
    }


def is_mailed(user_id: str, topic: Topic) -> bool:
    """Whether mail about `topic` goes to this login, or to this person without one, who chose nothing."""
    return not user_id or not muted_by([UUID(user_id)], topic)


def muted_by(user_ids: Collection[UUID], topic: Topic) -> set[UUID]:
    """Which of these logins get no mail about `topic`. Two questions, however many they are."""
    if topic.always_mailed:
        return set()
    own, usual = _chosen(user_ids, topic), usual_of(NotificationSettings.current(), topic)
    return {user_id for user_id in user_ids if Channel.EMAIL not in own.get(user_id, usual)}


def _chosen(user_ids: Collection[UUID], topic: Topic) -> dict[UUID, frozenset[str]]:
    """What those of them have chosen that have chosen anything."""
    rows = ChannelPreference.objects.filter(user_id__in=user_ids, topic=topic)
    return {user_id: frozenset(channels) for user_id, channels in rows.values_list("user_id", "channels")}


def channels_to_choose(topic: Topic) -> tuple[Channel, ...]:
    """Those that messages about `topic` have, and that can be switched off."""
    told = {each.channel for each in registered() if each.topic == topic}
    asked_for = {Channel.EMAIL, Channel.SMS} if topic.always_mailed else set()  # a code, an answer to STOP
    return tuple(channel for channel in CHOSEN if channel in told - asked_for)


def there_are(organization: NotificationSettings) -> frozenset[Channel]:
    """The channels that the organization has. Without a service worker there is no push."""
    has_push = organization.has_push and settings.OFFLINE_PAGE
    has = {Channel.PUSH: has_push, Channel.SMS: organization.has_texts}
    return frozenset({Channel.EMAIL, *(channel for channel, there in has.items() if there)})


def usual_of(organization: NotificationSettings, topic: Topic) -> frozenset[str]:
    """What is on where a login has chosen nothing."""
    said: Mapping[str, list[str]] = organization.usual
    return frozenset(said[topic]) if topic in said else USUAL & set(channels_to_choose(topic))


def reaching(user_ids: Collection[UUID]) -> dict[UUID, frozenset[Channel]]:
    """The channels by which each of these logins can be reached now."""
    with_push = set(living(*user_ids).values_list("user_id", flat=True))
    with_number = set(_numbers_in_use().filter(user_id__in=user_ids).values_list("user_id", flat=True))
    known = {Channel.PUSH: with_push, Channel.SMS: with_number}
    return {
        user_id: frozenset({Channel.EMAIL, *(channel for channel, reached in known.items() if user_id in reached)})
        for user_id in user_ids
    }


def living(*user_ids: UUID) -> QuerySet[PushSubscription]:
    """The devices of these logins that take push messages: as long as somebody is signed in there."""
    now = clock.now()
    sessions = Session.objects.filter(expire_date__gt=now).values("session_key")
    signed_in = UserSession.objects.filter(session_key__in=sessions).values("pk")
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    return PushSubscription.objects.filter(alive, user_id__in=user_ids, device_id__in=signed_in)


def text_number_of(user_id: UUID) -> str:
    """The number to which text messages to this login may go: it has agreed, and STOP was not answered from there. Empty where there is none."""
    return _numbers_in_use().filter(user_id=user_id).values_list("number", flat=True).first() or ""


def texted_among(user_ids: Collection[UUID], topic: Topic) -> set[UUID]:
    """Which of these logins get text messages about `topic`. As many questions, however many they are."""
    if not NotificationSettings.current().has_texts:
        return set()
    return {user_id for user_id, channels in channels_of_each(user_ids, topic).items() if Channel.SMS in channels}


def has_stopped(number: str) -> bool:
    """Whether STOP was answered from this number, and no START since."""
    return StoppedNumber.objects.filter(number=number).exists()


def _numbers_in_use() -> QuerySet[TextNumber]:
    return TextNumber.objects.exclude(number="").exclude(number__in=StoppedNumber.objects.values("number"))

"""Decide by which channels people hear of things: for the organization, and for oneself; and which devices take push messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.notifications import push, push_keys, web_push
from core.notifications.channels import channels_to_choose, usual_of
from core.notifications.messages import Topic
from core.notifications.models import ChannelPreference, NotificationSettings, PushSubscription
from core.people.actions.changes import require, write_changes
from core.people.audit_codes import PeopleAudit
from core.people.models import User
from core.people.roles import Permission

MOST_DEVICES = 20
Chosen = Mapping[Topic, frozenset[str]]


@transaction.atomic
def set_channels(*, has_push: bool, push_text: str, usual: Chosen, by: Any, now: datetime) -> NotificationSettings:
    """The organization's word: which channels there are, what is on unless somebody chooses otherwise, and what push shows."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    if push_text not in NotificationSettings.PushText.values:
        raise DomainError("unknown_choice", translate("Choose from the list."), field="push_text")
    NotificationSettings.objects.get_or_create(is_current=True)
    row = NotificationSettings.objects.select_for_update().get(is_current=True)
    wanted = {topic: _checked(topic, chosen) for topic, chosen in usual.items()}
    kept = {topic.value: sorted(chosen) for topic, chosen in wanted.items() if chosen != usual_of(row, topic)}
    values = {"has_push": has_push, "push_text": push_text, "usual": {**row.usual, **kept}}
    if changes := write_changes(row, values):
        audit.record(PeopleAudit.CHANNELS_CHANGED, by=by, subject=row, changes=changes)
    return row


@transaction.atomic
def choose_channels(*, chosen: Chosen, by: User, now: datetime) -> None:
    """A login's own word. What is as the organization says is not kept, and follows it from then on."""
    _check_active(by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    organization, changes = NotificationSettings.current(), {}
    known = {row.topic: row for row in ChannelPreference.objects.filter(user_id=by.pk)}
    for topic, wanted in chosen.items():
        after, usual = _checked(topic, wanted), usual_of(organization, topic)
        row = known.get(topic)
        before = usual if row is None else frozenset(row.channels)
        if after == usual:
            ChannelPreference.objects.filter(user_id=by.pk, topic=topic).delete()
        else:
            ChannelPreference.objects.update_or_create(user_id=by.pk, topic=topic, defaults={"channels": sorted(after)})
        if before != after:
            changes[topic.value] = [sorted(before), sorted(after)]
    if changes:
        audit.record(PeopleAudit.CHANNELS_CHOSEN, by=by, subject=by, changes=changes)


@transaction.atomic
def add_push_device(
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    key: str,
    expires_at: datetime | None,
    device: str,
    device_id: int,
    by: User,
    now: datetime,
) -> PushSubscription:
    """Let a device take push messages, as long as the session of `device_id` lasts. `key`: that of the sender with which its browser
    subscribed it.

    Whoever had this device before has it no more. ConflictError for a subscription of another organization's; DomainError for a push service
    that is not known, keys that are none, an organization without push, and too many devices.
    """
    _check_active(by)
    if not push.is_offered():
        raise DomainError("no_push", translate("There are no push messages here."))
    if key != push_keys.public_key():
        raise ConflictError(
            "other_sender", translate("This subscription belongs to another sender. Switch it on here anew.")
        )
    web_push.check_subscription(endpoint, p256dh=p256dh, auth=auth)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    PushSubscription.objects.filter(endpoint=endpoint).exclude(user_id=by.pk).delete()
    # Because a browser has one at a time.
    PushSubscription.objects.filter(user_id=by.pk, device_id=device_id).exclude(endpoint=endpoint).delete()
    others = PushSubscription.objects.filter(user_id=by.pk).exclude(endpoint=endpoint)
    if others.count() >= MOST_DEVICES:
        raise DomainError("too_many_devices", translate("Remove a device first: there are too many."))
    values = {
        "user_id": by.pk,
        "p256dh": p256dh,
        "auth": auth,
        "device": device[:60],
        "device_id": device_id,
        "expires_at": expires_at,
    }
    row, created = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults=values, create_defaults={**values, "created_at": now}
    )
    if created:
        audit.record(PeopleAudit.PUSH_DEVICE_ADDED, by=by, subject=row)
    return row


@transaction.atomic
def remove_push_device(*, subscription: PushSubscription, by: User, now: datetime) -> None:
    """Send this device nothing any more."""
    if subscription.user_id != by.pk:
        raise PermissionDenied("Not your device.")
    audit.record(PeopleAudit.PUSH_DEVICE_REMOVED, by=by, subject=subscription)
    subscription.delete()


def _checked(topic: Topic, chosen: frozenset[str]) -> frozenset[str]:
    if chosen - set(channels_to_choose(topic)):
        raise DomainError("unknown_channel", translate("Choose from the list."), field=topic.value)
    return frozenset(chosen)


def _check_active(user: User) -> None:
    if not user.is_active:
        raise PermissionDenied("You may not sign in.")

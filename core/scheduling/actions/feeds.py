"""One's own calendar address: made, changed, exchanged for another one, ended."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.ids import new_id
from core.kernel.translation import translate
from core.people.models import User
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import CalendarFeed
from core.scheduling.rules import feeds

_OPTIONS = ("is_busy_only", "is_own_only")


@transaction.atomic
def set_feed(*, is_busy_only: bool, is_own_only: bool, by: User, now: datetime) -> CalendarFeed:
    """Make the login's address, or change what stands there; the address stays."""
    _check_may(by)
    options = {"is_busy_only": is_busy_only, "is_own_only": is_own_only}
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # because two tabs may make the first one
    feed = CalendarFeed.objects.select_for_update().filter(user=by).first()
    if feed is None:
        feed = _made(by, now, **options)
        audit.record(SchedulingAudit.CALENDAR_FEED_MADE, by=by, subject=by)
        return feed
    changes = {name: [getattr(feed, name), value] for name, value in options.items() if getattr(feed, name) != value}
    if changes:
        CalendarFeed.objects.filter(pk=feed.pk).update(**options)
        audit.record(SchedulingAudit.CALENDAR_FEED_CHANGED, by=by, subject=by, changes=changes)
    feed.refresh_from_db()
    return feed


@transaction.atomic
def renew_feed(*, by: User, now: datetime) -> CalendarFeed:
    """Another address instead of the one that there is; what stands there stays the same. ConflictError without one."""
    _check_may(by)
    known = _known(by)
    options = {name: getattr(known, name) for name in _OPTIONS}
    known.delete()
    feed = _made(by, now, **options)
    audit.record(SchedulingAudit.CALENDAR_FEED_RENEWED, by=by, subject=by)
    return feed


@transaction.atomic
def end_feed(*, by: User, now: datetime) -> None:
    """The address leads nowhere any more. ConflictError without one."""
    _known(by).delete()
    audit.record(SchedulingAudit.CALENDAR_FEED_ENDED, by=by, subject=by)


@transaction.atomic
def end_feed_of(user: User, *, now: datetime) -> None:
    """The address of a login that was switched off; it does not come back with the login."""
    if CalendarFeed.objects.filter(user=user).delete()[0]:
        audit.record(SchedulingAudit.CALENDAR_FEED_ENDED, by=audit.SYSTEM, subject=user)


def _made(user: User, now: datetime, *, is_busy_only: bool, is_own_only: bool) -> CalendarFeed:
    feed = CalendarFeed(id=new_id(), user=user, is_busy_only=is_busy_only, is_own_only=is_own_only, made_at=now)
    feed.token_digest = feeds.digest_of(feeds.token_for(feed.pk, secret=settings.SECRET_KEY))
    feed.save(force_insert=True)
    return feed


def _known(by: User) -> CalendarFeed:
    feed = CalendarFeed.objects.select_for_update().filter(user=by).first()
    if feed is None:
        raise ConflictError("no_feed", translate("There is no address any more. Make a new one if you want one."))
    return feed


def _check_may(by: User) -> None:
    if not by.is_active:
        raise PermissionDenied("You may not sign in.")

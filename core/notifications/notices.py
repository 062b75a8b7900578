"""In-app notices: a row in the transaction of the act, and a push to the person's open pages after the commit."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from core.kernel import clock
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.notifications.models import Delivery, Notice
from tenants import outages
from tenants.sockets import group_name, session_group


def post(*, user_id: Any, kind: str, title: str, body: str = "", path: str = "") -> Notice:
    """Tell the person with this login; `path` is where the notice leads, on the organization's host."""
    notice = Notice.objects.create(
        user_id=user_id, kind=kind, title=title[:200], body=body[:500], path=path, created_at=clock.now()
    )
    push(user_id, {"kind": kind, "title": notice.title, "body": notice.body, "path": path, "id": str(notice.pk)})
    return notice


def post_failure(user_id: Any, *, what: str, delivery: Delivery | None, reason: Reason, path: str) -> Notice:
    """Tell whoever answers for a promise that it could not be kept so far, in the language in force."""
    if delivery is None:
        title = translate("Not done: %(what)s", what=what)
    elif delivery.address:
        title = translate("Mail to %(address)s has not left", address=delivery.address)
    else:
        title = translate("A mail has not left")
    body = f"{delivery.title if delivery else what}. {reason.sentence()}"
    return post(user_id=user_id, kind="promise_failed", title=title, body=body, path=path)


def push(user_id: Any, news: dict[str, Any]) -> None:
    """Send `news` to the person's open pages once the transaction has committed; nothing is stored."""
    group = group_name("person", str(user_id))
    transaction.on_commit(lambda: _send(group, {"type": "person.news", "news": news}))


def session_ended(session_key: str, *, renewed: bool) -> None:
    """Close the sockets of one browser's open pages once the transaction has committed; `renewed`: they come back with another cookie."""
    group = session_group(session_key)
    transaction.on_commit(lambda: _send(group, {"type": "session.ended", "renewed": renewed}))


def hang_up(user_id: Any) -> None:
    """Close the sockets of the person's open pages whose sessions have ended, once the transaction has committed."""
    group = group_name("person", str(user_id))
    transaction.on_commit(lambda: _send(group, {"type": "person.hang_up"}))


def _send(group: str, event: dict[str, Any]) -> None:
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group, event)
    except (OSError, *outages.CACHE_ERRORS):
        # Because the row is stored and the bell shows it at the next page: a socket layer that is away loses nothing.
        return


def mark_read(notice: Notice) -> None:
    """Note that the person has seen it."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def mark_all_read(user_id: Any) -> int:
    """Note that the person has seen everything; returns how many were new."""
    return Notice.objects.filter(user_id=user_id, read_at=None).update(read_at=clock.now())

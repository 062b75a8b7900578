"""In-app notices: a row in the transaction of the act, and a push to the person's open pages after the commit."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils.translation import get_language

from core.kernel import clock
from core.notifications.messages import Content, Message
from core.notifications.models import Notice
from core.notifications.rules.message_text import MessageText, one_line
from core.notifications.texts import write
from tenants import outages
from tenants.sockets import group_name, session_group


def post(message: Message, *, user_id: Any, path: str = "", **values: str) -> Notice:
    """Tell the person with this login, in the language in force; `path` is where the notice leads, on the organization's host.

    `values`: those of the message's variables.
    """
    title, body = words(message, **values)
    notice = Notice.objects.create(
        user_id=user_id, kind=message.code, title=title[:200], body=body[:500], path=path, created_at=clock.now()
    )
    push(
        user_id, {"kind": message.code, "title": notice.title, "body": notice.body, "path": path, "id": str(notice.pk)}
    )
    return notice


def words(message: Message, *, text: MessageText | None = None, **values: str) -> tuple[str, str]:
    """Title and body of a notice in the language in force, of the words in force unless `text` is given."""
    written = write(message, Content(values=values), get_language() or "en", text)
    lines = [one_line(line) for paragraph in written.body for line in paragraph]
    return written.subject, "\n".join(lines)


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

"""In-app notices: a row in the transaction of the act, and a push to the person's open pages after the commit."""

from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import models, transaction
from django.utils.translation import get_language

from branding.speaking import branch_for
from core.kernel import clock
from core.notifications import push
from core.notifications.messages import Content, Message
from core.notifications.models import Notice
from core.notifications.rules.message_text import MessageText, one_line
from core.notifications.texts import write
from tenants import outages
from tenants.context import branch_context
from tenants.sockets import group_name, session_group


def post(
    message: Message,
    *,
    user_id: Any,
    path: str = "",
    happens_at: datetime | None = None,
    heard_by: datetime | None = None,
    about: models.Model | None = None,
    concerns: models.Model | None = None,
    **values: str,
) -> Notice:
    """Tell the person with this login, in the language in force, and their devices, where they want it by push.

    `path` is where the notice leads, on the organization's host; `values`: those of the message's variables. `happens_at`: when what it is
    about begins, or is no news any more: push of it waits and is kept no longer. `heard_by`: by when the news is to be known, where that is earlier.
    `about`: what must still be so when push of it leaves (`still_so`). `concerns`: by whose branch it is said, where that is not told by `about`.
    """
    branch = branch_for(concerns or about, str(user_id))
    with branch_context(branch):
        title, body = words(message, **values)
    notice = Notice.objects.create(
        user_id=user_id, kind=message.code, title=title[:200], body=body[:500], path=path, created_at=clock.now()
    )
    send_to_pages(
        user_id, {"kind": message.code, "title": notice.title, "body": notice.body, "path": path, "id": str(notice.pk)}
    )
    push.promise(notice, message.topic, happens_at=happens_at, heard_by=heard_by, about=about, branch=branch)
    return notice


def words(message: Message, *, text: MessageText | None = None, **values: str) -> tuple[str, str]:
    """Title and body of a notice in the language in force, of the words in force unless `text` is given."""
    written = write(message, Content(values=values), get_language() or "en", text)
    lines = [one_line(line) for paragraph in written.body for line in paragraph]
    return written.subject, "\n".join(lines)


def send_to_pages(user_id: Any, news: dict[str, Any]) -> None:
    """Send `news` to the person's open pages once the transaction has committed; nothing is stored."""
    group = group_name("person", str(user_id))
    transaction.on_commit(lambda: _send(group, {"type": "person.news", "news": news}))


def staff_group() -> str:
    """The channel group of the open pages of everybody who works here."""
    return group_name("person", "staff")


def send_to_staff(news: dict[str, Any]) -> None:
    """Send `news` that tells nothing but that a page may ask again, likewise, to everybody who works here."""
    group = staff_group()
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

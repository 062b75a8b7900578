"""The mail that something is shared, when the outbox says so: none about what was taken back meanwhile."""

from typing import Any

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.mail import Recipient
from core.people.models import Client, User
from core.people.permissions import logins_acting_for
from core.records import notifications, outbox_names
from core.records.messages import RECORD_SHARED
from core.records.models import ClientFile, Goal, NoteShare, Score

_BY_HAND: dict[str, Any] = {"goal": Goal, "file": ClientFile, "score": Score}


def _page(message: OutboxMessage) -> str:
    return str(message.payload["path"])


@outbox.handler(outbox_names.SEND_NEWS, label=gettext_noop("Mail: something is shared"), is_mail=True, page=_page)
def send_news(message: OutboxMessage) -> None:
    """To one login, as long as it acts for the client and the thing is still shared as it was then."""
    facts = message.payload
    client, shared_at, about = _shared(facts)
    if shared_at != facts["shared_at"]:
        raise outbox.Obsolete("it was shared anew")
    user = next((each for each in logins_acting_for(client) if str(each.pk) == facts["user"]), None)
    if user is None:
        raise outbox.Obsolete("it is no longer their business")
    mail.send(
        message,
        RECORD_SHARED,
        to=_recipient(user, client),
        content=lambda: notifications.content(client, path=facts["path"]),
        about=about,
    )


def _shared(facts: dict[str, Any]) -> tuple[Client, str, Any]:
    """About whom it is, when it was shared, and the thing itself."""
    if kind := _BY_HAND.get(facts["kind"]):
        row = kind.objects.select_related("client").filter(pk=facts["shared"]).exclude(shared_at=None).first()
        if row is not None and row.shared_at is not None:
            return row.client, row.shared_at.isoformat(), row
    else:
        share = NoteShare.objects.select_related("note__client").filter(note_id=facts["shared"]).first()
        if share is not None:
            return share.note.client, share.shared_at.isoformat(), share
    raise outbox.Obsolete("it was taken back")


def _recipient(user: User, client: Client) -> Recipient:
    return Recipient(str(user.pk), user.name, user.email, client.time_zone, user.reads)

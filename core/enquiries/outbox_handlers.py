"""The mails about an enquiry, when the outbox says so; none about one that was deleted meanwhile."""

from typing import Any

from branding.queries import current_brand
from branding.speaking import where_promised
from core.enquiries import notifications, outbox_names
from core.enquiries.messages import ENQUIRY_CONFIRMED, ENQUIRY_FORWARDED, confirmed_content, forwarded_content
from core.enquiries.models import Enquiry
from core.enquiries.queries import recipients
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.kernel.typed_names import unlinked
from core.notifications import mail
from core.notifications.mail import Recipient
from core.people.permissions import staff_with
from core.people.queries import login_by_email
from core.people.roles import Permission
from tenants.absolute_urls import absolute_url


def _page(message: OutboxMessage) -> str:
    return str(message.payload.get("path", ""))


def _answerable(message: OutboxMessage) -> list[Any]:
    """Who hears of a failure, because no visitor does."""
    return list(staff_with(Permission.MANAGE_CLIENTS).values_list("user_id", flat=True))


@outbox.handler(
    outbox_names.FORWARD_ENQUIRY,
    label=gettext_noop("Mail: enquiry from the website"),
    is_mail=True,
    page=_page,
    answerable=_answerable,
)
def forward(message: OutboxMessage) -> None:
    """To one of those who answer, as long as they do."""
    facts, enquiry = message.payload, _enquiry(message)
    with where_promised(message):
        if facts["address"] not in recipients():
            raise outbox.Obsolete("enquiries do not go to this address any more")
        mail.send(
            message,
            ENQUIRY_FORWARDED,
            to=_reader(facts["address"]),
            content=lambda: forwarded_content(
                name=enquiry.name,
                topic=enquiry.topic,
                text=enquiry.text,
                reach=(enquiry.email, enquiry.phone),
                url=absolute_url(facts["path"]),
            ),
            about=enquiry,
            reply_to=enquiry.email,
        )


@outbox.handler(
    outbox_names.CONFIRM_ENQUIRY,
    label=gettext_noop("Mail: an enquiry has arrived"),
    is_mail=True,
    page=_page,
    answerable=_answerable,
)
def confirm(message: OutboxMessage) -> None:
    """To the visitor."""
    enquiry = _enquiry(message)
    to = Recipient("", unlinked(enquiry.first_name), enquiry.email, enquiry.time_zone, enquiry.language)
    with where_promised(message):
        mail.send(message, ENQUIRY_CONFIRMED, to=to, content=confirmed_content, about=enquiry)


@outbox.handler(
    outbox_names.POST_ENQUIRY_NOTICES,
    label=gettext_noop("Notices: an enquiry from the website"),
    page=_page,
    answerable=_answerable,
)
def notify(message: OutboxMessage) -> None:
    """To whoever sees all clients."""
    notifications.post_notices(_enquiry(message), path=message.payload["path"])


def _enquiry(message: OutboxMessage) -> Enquiry:
    found = Enquiry.objects.filter(pk=message.payload["enquiry"]).first()
    if found is None:
        raise outbox.Obsolete("the enquiry was deleted")
    return found


def _reader(address: str) -> Recipient:
    """Whoever has a login with it reads in their own language and zone; a mailbox in the organization's."""
    login, brand = login_by_email(address), current_brand()
    if login is None:
        return Recipient("", brand.name, address, brand.time_zone, brand.language)
    return Recipient(str(login.pk), login.name, address, login.time_zone, login.reads)

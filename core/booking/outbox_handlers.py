"""The code for a visitor's address, when the outbox says so."""

from datetime import datetime

from branding.speaking import where_promised
from core.booking import outbox_names
from core.booking.messages import BOOKING_CODE, code_content
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.mail import Recipient


@outbox.handler(outbox_names.SEND_CODE, label=gettext_noop("Mail: code for online booking"), is_mail=True)
def send_code(message: OutboxMessage) -> None:
    """The code to the address that the visitor typed; nothing when it has run out."""
    facts = message.payload
    if datetime.fromisoformat(facts["expires_at"]) <= clock.now():
        raise outbox.Obsolete("the code has run out")
    reader = Recipient("", facts["reader"], facts["address"], facts["time_zone"], facts["language"])
    with where_promised(message):
        mail.send(message, BOOKING_CODE, to=reader, content=lambda: code_content(facts["code"]))

"""Mail to invited guests, sent when the outbox says so: whether it still holds is looked up at that moment."""

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.scheduling.promises import check_at_this_time
from sessions_live.invitations import messages, notifications
from sessions_live.invitations.outbox_names import TELL_GUEST
from sessions_live.invitations.permissions import INVITATIONS


@outbox.handler(TELL_GUEST, label=gettext_noop("Mail: to an invited guest"), is_mail=True)
def tell_guest(message: OutboxMessage) -> None:
    """Mail one guest that they are invited, or no longer, or that it was moved or cancelled."""
    facts = message.payload
    kind = facts["kind"]
    invitation = INVITATIONS.select_related("invited_by").filter(pk=facts["invitation"]).first()
    if invitation is None:
        raise outbox.Obsolete("the invitation is gone")
    is_out = kind in notifications.OUT
    if not is_out:
        if not invitation.is_good:
            raise outbox.Obsolete("the invitation was withdrawn")
        check_at_this_time(invitation.appointment, {"starts_at": facts["starts_at"]})
    mail.send(
        message,
        messages.UNINVITED if is_out else messages.INVITED,
        to=notifications.recipient_of(invitation),
        content=lambda: notifications.content_for(invitation, kind),
        about=invitation.appointment,
    )

"""The mail that a form is to be filled in, when the outbox says so: none about what was answered, taken back or declined meanwhile."""

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.mail import Recipient
from core.records.questionnaires import notifications, outbox_names
from core.records.questionnaires.messages import FORM_REMINDER, FORM_SENT
from core.records.questionnaires.models import QuestionnaireRequest


def _page(message: OutboxMessage) -> str:
    return str(message.payload["path"])


@outbox.handler(outbox_names.SEND_REQUEST, label=gettext_noop("Mail: a form to fill in"), is_mail=True, page=_page)
def send_request(message: OutboxMessage) -> None:
    """To one login, as long as it can fill the form in and nobody has."""
    facts = message.payload
    request = QuestionnaireRequest.objects.select_related("client", "version").filter(pk=facts["request"]).first()
    if request is None or not request.is_open:
        raise outbox.Obsolete("it is not to be filled in any more")
    user = next((each for each in notifications.asked_of(request) if str(each.pk) == facts["user"]), None)
    if user is None:
        raise outbox.Obsolete("it is no longer their business")
    mail.send(
        message,
        FORM_REMINDER if facts["is_reminder"] else FORM_SENT,
        to=Recipient(str(user.pk), user.name, user.email, request.client.time_zone, user.reads),
        content=lambda: notifications.content(request, path=facts["path"]),
        about=request,
    )

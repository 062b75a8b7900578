"""Where the mail's provider reports what became of each mail: one address on the operator host, for every organization.

The provider is known by its own signature or by the password in the address that was entered there. Which organization and which mail it
concerns follows from facts of ours that travelled with the mail, signed by us (`tracking`); nothing else in a report is trusted.
"""

import logging
from base64 import b64encode
from datetime import datetime
from secrets import compare_digest
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.kernel import clock
from core.kernel.mail_addresses import deliverable
from core.kernel.reasons import Reason
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.notifications.reports import mail_of, note
from core.notifications.tracking import read

logger = logging.getLogger(__name__)

State = Delivery.State

VIEWS = {
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "amazon_ses": "anymail.webhooks.amazon_ses.AmazonSESTrackingWebhookView",
}
STATES = {
    EventType.DEFERRED: State.DEFERRED,
    EventType.DELIVERED: State.DELIVERED,
    EventType.BOUNCED: State.BOUNCED,
    EventType.REJECTED: State.BOUNCED,
    EventType.FAILED: State.BOUNCED,
    EventType.COMPLAINED: State.COMPLAINED,
}
REASONS = {
    RejectReason.INVALID: DeliveryReason.ADDRESS_IMPOSSIBLE,
    RejectReason.BOUNCED: DeliveryReason.ADDRESS_UNKNOWN,
    RejectReason.TIMED_OUT: DeliveryReason.TIMED_OUT,
    RejectReason.BLOCKED: DeliveryReason.BLOCKED,
    RejectReason.SPAM: DeliveryReason.COMPLAINED,
    RejectReason.UNSUBSCRIBED: DeliveryReason.UNSUBSCRIBED,
}
USUAL_REASONS = {
    State.DEFERRED: DeliveryReason.DELAYED,
    State.BOUNCED: DeliveryReason.REFUSED_THERE,
    State.COMPLAINED: DeliveryReason.COMPLAINED,
}
_ODD = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AnymailError,
)  # what a report of another shape raises in its reader


def is_reported() -> bool:
    """Whether anybody reports what becomes of a mail once it was handed over: a provider does, a plain mail server does not."""
    return settings.MAIL_PROVIDER in VIEWS and bool(settings.ANYMAIL.get("WEBHOOK_SECRET"))


@csrf_exempt  # because the sender is a machine without cookies: its password or signature stands in for the token
@require_http_methods(["POST", "HEAD"])
def receive_delivery_event(request: HttpRequest) -> HttpResponse:
    """404 without a provider that reports; 400 for what is not the provider's; 200 for all that is, known or not."""
    if not is_reported():
        raise Http404
    view = import_string(VIEWS[settings.MAIL_PROVIDER]).as_view()
    try:
        return view(request)
    except AnymailWebhookValidationFailure:
        logger.warning("a report about mail was refused: it is not the provider's")
        return HttpResponse("Not the provider's.", status=400, content_type="text/plain")
    except _ODD as error:  # because asking again would not change what it is
        logger.warning("a report about mail could not be read: %s", type(error).__name__)
        return HttpResponse("Not understood.", content_type="text/plain")


def shows_password(authorization: bytes) -> bool:
    """Whether the headers of a request carry the password of the address that was entered at the provider."""
    known = settings.ANYMAIL.get("WEBHOOK_SECRET", "") if settings.MAIL_PROVIDER in VIEWS else ""
    return bool(known) and compare_digest(authorization, b"Basic " + b64encode(known.encode()))


# A provider reports many mails at once: who shows the password sends more than strangers (`tenants.bodies`).
receive_delivery_event.shows_password = shows_password  # type: ignore[attr-defined]


@receiver(tracking, dispatch_uid="note_report_about_mail")
def note_report(event: AnymailTrackingEvent, **_: Any) -> None:
    """Note one report in the log of the organization whose mail it is; what is not ours, or no news, changes nothing."""
    state, facts = STATES.get(event.event_type), read(event.metadata)
    if state is None or facts is None:
        return
    known = REASONS.get(event.reject_reason, USUAL_REASONS.get(state)) if state != State.DELIVERED else None
    said = str(event.mta_response or event.description or "") if known else ""
    reason = Reason(known) if known else None
    with mail_of(facts) as delivery:
        if delivery is not None and _is_to(delivery, event.recipient):
            note(delivery, state, at=_moment(event.timestamp), reason=reason, detail=said)


def _moment(said: datetime | None) -> datetime:
    """When it happened; never later than now, whatever the provider's clock says."""
    now = clock.now()
    return min(said, now) if isinstance(said, datetime) and said.tzinfo else now


def _is_to(delivery: Delivery, recipient: object) -> bool:
    """Whether the report names the address that the mail went to, if it names any."""
    if not recipient:
        return True
    try:
        return deliverable(delivery.address).casefold() == deliverable(str(recipient)).casefold()
    except ValueError:
        return False

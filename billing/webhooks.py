"""Where the processor sends its events: one address on the operator host, for every organization's account.

The signature over the raw body is checked first. Which organization it concerns follows from the account that the processor names and the
register of accounts, never from anything else in the event.
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.actions.accounts import KIND
from billing.actions.events import apply_event
from billing.gateways import gateway
from core.kernel import clock
from core.kernel.errors import GatewayError
from tenants.context import organization_context
from tenants.external_accounts import find_organization
from tenants.models import Organization

logger = logging.getLogger(__name__)


@csrf_exempt  # because the sender is a machine without cookies: its signature stands in for the token
@require_POST
def receive_payment_event(request: HttpRequest) -> HttpResponse:
    """400 for what is not the processor's; 200 for all that is, known or not, because asking again would not change it.

    Except with the database away: then it is to come again.
    """
    try:
        event = gateway().read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except GatewayError as error:
        logger.warning("payment event refused: %s", error)
        return HttpResponse("Bad signature.", status=400, content_type="text/plain")
    organization = find_organization(KIND, event.account) if event.account and event.event_id else None
    if organization is None or organization.state == Organization.State.CLOSED:
        logger.warning("payment event %r of an unknown account, or none: %s", event.event_id, event.oddity)
        return HttpResponse("Unknown account.", content_type="text/plain")
    with organization_context(organization):
        outcome = apply_event(event=event, now=clock.now())
    logger.info("payment event %s (%s): %s", event.event_id, event.kind, outcome)
    return HttpResponse("Thank you.", content_type="text/plain")

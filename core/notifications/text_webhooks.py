"""What the provider of text messages tells us: what became of one, and what somebody answered. Signed by the account's key, or refused."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from branding.queries import current_brand
from core.kernel import audit, clock, outbox
from core.notifications import outbox_names, text_gateway, text_templates
from core.notifications.actions import take_answer
from core.notifications.failures import MailError
from core.notifications.languages import in_language
from core.notifications.messages import Content
from core.notifications.models import NotificationSettings
from core.notifications.rules.text_answers import Answer
from core.notifications.rules.text_parts import plainer
from core.notifications.text_reports import STATES, StillSendingError, note_report
from core.notifications.texts import write
from tenants.absolute_urls import absolute_url, host_url

SOON = timedelta(seconds=30)  # a provider has answered by then
REPLIES = {
    Answer.STOP: text_templates.TEXT_STOPPED,
    Answer.START: text_templates.TEXT_STARTED,
    Answer.HELP: text_templates.TEXT_HELP,
}


@csrf_exempt  # because the sender is a machine without cookies: its signature stands in for the token
@require_POST
def receive_text_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of the message that kept this promise. 404 for what the account's key did not sign."""
    if not _is_signed(request):
        return HttpResponse(status=404)
    status, code = request.POST.get("MessageStatus", ""), request.POST.get("ErrorCode", "")[:60]
    if status in STATES:
        try:
            note_report(pk, status, code)
        except StillSendingError:  # nobody waits for a provider here: it is noted once the message is in the log
            facts = {"promise": str(pk), "status": status, "code": code}
            key = f"text_report:{pk}:{status}:{code}"
            outbox.enqueue(outbox_names.NOTE_TEXT_REPORT, due_at=clock.now() + SOON, key=key, **facts)
    return HttpResponse(status=204)


@csrf_exempt  # because the sender is a machine without cookies: its signature stands in for the token
@require_POST
def receive_text_answer(request: HttpRequest) -> HttpResponse:
    """STOP, START, or anything else, which gets help; the reply goes back as the provider sends it (TwiML)."""
    if not _is_signed(request):
        return HttpResponse(status=404)
    number, text, sid = (request.POST.get(name, "") for name in ("From", "Body", "MessageSid"))
    read_as = request.POST.get("OptOutType", "")
    taken = take_answer(number=number, text=text, sid=sid, read_as=read_as, by=audit.SYSTEM, now=clock.now())
    said = f"<Message>{escape(_reply(*taken))}</Message>" if taken else ""
    twiml = f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'
    return HttpResponse(twiml, content_type="text/xml; charset=utf-8")


def _reply(answer: Answer, language: str) -> str:
    brand = current_brand()
    with in_language(language) as spoken:
        content = Content(values={"contact": brand.phone or brand.reply_to})
        return plainer(write(REPLIES[answer], content, spoken).subject)


def _is_signed(request: HttpRequest) -> bool:
    """By the account's key, over the address as the provider has it: that of the primary host, or of one that was it when the message left."""
    organization, form = NotificationSettings.current(), request.POST.dict()
    signature, path = request.headers.get("X-Twilio-Signature", ""), request.get_full_path()
    try:
        return any(
            text_gateway.is_signed(organization, address=address, form=form, signature=signature)
            for address in dict.fromkeys((absolute_url(path), host_url(request.get_host().partition(":")[0], path)))
        )
    except MailError:
        return False

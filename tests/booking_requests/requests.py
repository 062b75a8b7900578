"""A request as it stands now, and the mails about it."""

from datetime import timedelta

from core.booking_requests import actions
from core.booking_requests.models import BookingRequest
from core.kernel import clock, outbox

HOUR = timedelta(hours=1)


def fresh(request):
    return BookingRequest.objects.get(pk=request.pk)


def deliver():
    while outbox.deliver_due():
        pass


def mails_to(mailoutbox, name):
    deliver()
    return [mail for mail in mailoutbox if mail.to[0].startswith(name)]


def accept(cast, request, number=0, **changes):
    values = {
        "time": request.asked_times[number].pk,
        "practitioner": cast.tess_staff,
        "by": cast.tess,
        "now": clock.now(),
    }
    return actions.accept_request(request, **{**values, **changes})

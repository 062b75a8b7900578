"""What a client's page shows of online booking: whether they may, and an exception for them alone."""

from django.http import HttpRequest
from django.urls import reverse

from core.booking.models import BookingSettings
from core.booking.permissions import can_manage_booking
from core.booking.queries import exceptions_of
from core.people.models import Client
from core.people.permissions import can_change_client
from portal.panels import Panel


def online_booking(request: HttpRequest, client: Client) -> Panel | None:
    """For those who decide about it, once the organization lets people book."""
    user = request.user
    if not can_manage_booking(user) or not can_change_client(user, client):  # type: ignore[arg-type]
        return None
    settings = BookingSettings.current()
    if not settings.is_open:
        return None
    exception = exceptions_of([client]).get(client.pk)
    by_rule = settings.audience != BookingSettings.Audience.CHOSEN
    return Panel(
        "booking/_client_panel.html",
        {
            "exception": exception,
            "may_book": by_rule if exception is None else exception,
            "url": reverse("booking_settings:exception", args=[client.pk]),
        },
        wide=False,
    )

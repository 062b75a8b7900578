"""Pages of the operator host."""

from django.urls import include, path

from billing.webhooks import receive_payment_event
from core.notifications.webhooks import receive_delivery_event

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("hooks/payments/", receive_payment_event),
    path("hooks/mail/", receive_delivery_event),
    path("", include("portal.operator.urls")),
]

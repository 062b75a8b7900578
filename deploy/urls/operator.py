"""Pages of the operator host."""

from django.urls import include, path

from billing.webhooks import payment_news

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("hooks/payments/", payment_news),
    path("", include("portal.operator.urls")),
]

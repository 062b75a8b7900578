from django.urls import path

from portal.scheduling.views import cancellation_policy

app_name = "scheduling_settings"
urlpatterns = [
    path("", cancellation_policy.PolicyView.as_view(), name="policy"),
    path("client-cancellations/", cancellation_policy.GateView.as_view(), name="gate"),
    path("completion-types/new/", cancellation_policy.CompletionTypeView.as_view(), name="new_type"),
    path("completion-types/<uuid:pk>/", cancellation_policy.CompletionTypeView.as_view(), name="type"),
]

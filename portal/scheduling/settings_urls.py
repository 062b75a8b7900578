from django.urls import path

from portal.scheduling.views.cancellation_policy import ClientCancellationsView, PolicyView
from portal.scheduling.views.completion_types import CompletionTypeView

app_name = "scheduling_settings"
urlpatterns = [
    path("", PolicyView.as_view(), name="policy"),
    path("client-cancellations/", ClientCancellationsView.as_view(), name="client_cancellations"),
    path("completion-types/new/", CompletionTypeView.as_view(), name="new_type"),
    path("completion-types/<uuid:pk>/", CompletionTypeView.as_view(), name="type"),
]

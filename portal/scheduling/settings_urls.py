from django.urls import path

from portal.scheduling.views import settings

app_name = "scheduling_settings"
urlpatterns = [
    path("", settings.PolicyView.as_view(), name="policy"),
    path("client-cancellations/", settings.GateView.as_view(), name="gate"),
    path("completion-types/new/", settings.CompletionTypeView.as_view(), name="new_type"),
    path("completion-types/<uuid:pk>/", settings.CompletionTypeView.as_view(), name="type"),
]

from django.urls import path

from portal.scheduling.views import closures, reminders, resources
from portal.scheduling.views.cancellation_policy import ClientCancellationsView, NoShowView, PolicyView
from portal.scheduling.views.completion_types import CompletionTypeView

app_name = "scheduling_settings"
urlpatterns = [
    path("", PolicyView.as_view(), name="policy"),
    path("client-cancellations/", ClientCancellationsView.as_view(), name="client_cancellations"),
    path("no-show/", NoShowView.as_view(), name="no_show"),
    path("closed-days/", closures.ClosuresView.as_view(), name="closures"),
    path("closed-days/<uuid:pk>/removal/", closures.ClosureRemovalView.as_view(), name="closure_removal"),
    path("closed-days/public-holidays/", closures.HolidaysView.as_view(), name="holidays"),
    path("reminders/", reminders.RemindersView.as_view(), name="reminders"),
    path("reminders/<uuid:pk>/", reminders.ServiceRemindersView.as_view(), name="service_reminders"),
    path("rooms/", resources.ResourcesView.as_view(), name="resources"),
    path("rooms/<uuid:pk>/", resources.ResourceView.as_view(), name="resource"),
    path("rooms/<uuid:pk>/removal/", resources.RemovalView.as_view(), name="resource_removal"),
    path("rooms/<uuid:pk>/return/", resources.ReturnView.as_view(), name="resource_return"),
    path("completion-types/new/", CompletionTypeView.as_view(), name="new_type"),
    path("completion-types/<uuid:pk>/", CompletionTypeView.as_view(), name="type"),
]

from django.urls import path

from portal.waiting_list.settings import WaitingListSettingsView

app_name = "waiting_list_settings"
urlpatterns = [path("", WaitingListSettingsView.as_view(), name="settings")]

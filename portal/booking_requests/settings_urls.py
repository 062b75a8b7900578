from django.urls import path

from portal.booking_requests.settings import RequestSettingsView

app_name = "request_settings"
urlpatterns = [path("", RequestSettingsView.as_view(), name="settings")]

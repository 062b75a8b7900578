from django.urls import path

from portal.live.settings import LiveSettingsView

app_name = "live_settings"
urlpatterns = [path("", LiveSettingsView.as_view(), name="live")]

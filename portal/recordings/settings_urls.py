from django.urls import path

from portal.recordings.settings import RecordingSettingsView

app_name = "recording_settings"
urlpatterns = [path("", RecordingSettingsView.as_view(), name="recording")]

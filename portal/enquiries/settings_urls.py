from django.urls import path

from portal.enquiries.settings import SettingsView

app_name = "enquiry_settings"
urlpatterns = [path("", SettingsView.as_view(), name="settings")]

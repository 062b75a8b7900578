"""The organization's public pages. Only Wagtail's page view: its other addresses hold a sign-in that knows no second factor and no limit."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from portal.pages.views import FrontPageSettingsView

urlpatterns = [
    path("settings/front-page/", FrontPageSettingsView.as_view(), name="front_page_settings"),
    re_path(serve_pattern, serve, name="wagtail_serve"),
]

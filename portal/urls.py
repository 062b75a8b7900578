"""Pages of an organization's host, one include per app."""

from django.urls import include, path

from portal.setup.records import RecordsFileView, RecordsView

urlpatterns = [
    path("", include("portal.brand.urls")),
    path("dashboard/", include("portal.dashboard.urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("", include("portal.scheduling.urls")),
    path("settings/appointments/", include("portal.scheduling.settings_urls")),
    path("book/", include("portal.booking.urls")),
    path("settings/booking/", include("portal.booking.settings_urls")),
    path("billing/", include("portal.billing.urls")),
    path("live/", include("portal.live.urls")),
    path("recordings/", include("portal.recordings.urls")),
    path("settings/live/", include("portal.live.settings_urls")),
    path("settings/live/recording/", include("portal.recordings.settings_urls")),
    path("settings/help/", include("portal.help.writing_urls")),
    path("", include("portal.team.urls")),
    path("settings/legal/", include("portal.legal.texts_urls")),
    path("settings/leaks/", include("portal.leak_walk.urls")),
    path("settings/setup/", include("portal.setup.urls")),
    path("settings/", include("portal.settings.urls")),
    path("records/<str:token>/", RecordsView.as_view(), name="records"),
    path("records/<str:token>/file/", RecordsFileView.as_view(), name="records_file"),
    path("people/", include("portal.people.urls")),
    path("help/", include("portal.help.urls")),
    path("", include("portal.legal.urls")),
    path("", include("portal.account.urls")),
    path("", include("portal.pages.urls")),  # last: the organization's public pages take every other address
]

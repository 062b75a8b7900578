"""Pages of an organization's host, one include per app."""

from django.urls import include, path

from core.notifications.text_webhooks import receive_text_answer, receive_text_report
from portal.setup.records import RecordsFileView, RecordsView

urlpatterns = [
    path("", include("portal.brand.urls")),
    path("dashboard/", include("portal.dashboard.urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("", include("portal.scheduling.urls")),
    path("settings/appointments/", include("portal.scheduling.settings_urls")),
    path("book/", include("portal.booking.urls")),
    path("requests/", include("portal.booking_requests.urls")),
    path("", include("portal.waiting_list.urls")),
    path("settings/waiting-list/", include("portal.waiting_list.settings_urls")),
    path("settings/requests/", include("portal.booking_requests.settings_urls")),
    path("settings/booking/", include("portal.booking.settings_urls")),
    path("billing/", include("portal.billing.urls")),
    path("live/", include("portal.live.urls")),
    path("files/", include("portal.files.urls")),
    path("join/", include("portal.live.join_urls")),
    path("invited/", include("portal.live.invited_urls")),
    path("profile/link/", include("portal.live.link_urls")),
    path("resources/", include("portal.resources.urls")),
    path("recordings/", include("portal.recordings.urls")),
    path("boards/", include("portal.boards.urls")),
    path("settings/live/", include("portal.live.settings_urls")),
    path("settings/live/recording/", include("portal.recordings.settings_urls")),
    path("settings/enquiries/", include("portal.enquiries.settings_urls")),
    path("enquiries/", include("portal.enquiries.urls")),
    path("", include("portal.enquiries.public_urls")),
    path("settings/help/", include("portal.help.writing_urls")),
    path("", include("portal.team.urls")),
    path("settings/legal/", include("portal.legal.texts_urls")),
    path("settings/notes/", include("portal.records.settings_urls")),
    path("settings/leaks/", include("portal.leak_walk.urls")),
    path("settings/setup/", include("portal.setup.urls")),
    path("settings/", include("portal.settings.urls")),
    path("records/<str:token>/", RecordsView.as_view(), name="records"),
    path("records/<str:token>/file/", RecordsFileView.as_view(), name="records_file"),
    path("hooks/texts/", receive_text_answer, name="text_answer"),
    path("hooks/texts/<uuid:pk>/", receive_text_report, name="text_report"),
    path("people/", include("portal.people.urls")),
    path("people/", include("portal.records.notes_urls")),
    path("people/", include("portal.records.goals_urls")),
    path("people/", include("portal.records.scores_urls")),
    path("people/", include("portal.records.files_urls")),
    path("help/", include("portal.help.urls")),
    path("", include("portal.legal.urls")),
    path("", include("portal.account.urls")),
    path("", include("portal.pages.urls")),  # last: the organization's public pages take every other address
]

"""One's own personal link."""

from django.urls import path

from portal.live.personal_link import (
    BlockView,
    CallView,
    LinkView,
    ProspectView,
    ResetView,
    UnblockView,
)

app_name = "personal_link"
urlpatterns = [
    path("", LinkView.as_view(), name="link"),
    path("reset/", ResetView.as_view(), name="reset"),
    path("guests/<uuid:pk>/block/", BlockView.as_view(), name="block"),
    path("guests/<uuid:pk>/unblock/", UnblockView.as_view(), name="unblock"),
    path("guests/<uuid:pk>/prospect/", ProspectView.as_view(), name="prospect"),
    path("guests/<uuid:pk>/call/", CallView.as_view(), name="call"),
]

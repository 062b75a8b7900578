from django.urls import path
from django.views.generic import RedirectView

from portal.live.connection_test import ConnectionTestView
from portal.live.guests import InviteView, SendAgainView, WithdrawView
from portal.live.showings import ChoiceView, ShowingCardView, ShowingFileView, ShowingPictureView
from portal.live.views import AdmissionsView, AdmissionView, EndedView, RoomView, WaitingRoomMessagesView, WaitingView

app_name = "live"
urlpatterns = [
    path("connection-test/", ConnectionTestView.as_view(), name="connection_test"),
    path("check/", RedirectView.as_view(pattern_name="live:connection_test", permanent=True)),  # as older mails have it
    path("waiting/", WaitingView.as_view(), name="waiting"),
    path("showings/<uuid:pk>/file/", ShowingFileView.as_view(), name="showing_file"),
    path(
        "showings/<uuid:pk>/cards/<uuid:card>/<slug:side>/<slug:part>/", ShowingCardView.as_view(), name="showing_card"
    ),
    path("showings/<uuid:pk>/picture/", ShowingPictureView.as_view(), name="showing_picture"),
    path("guests/<uuid:pk>/send-again/", SendAgainView.as_view(), name="guest_send_again"),
    path("guests/<uuid:pk>/withdraw/", WithdrawView.as_view(), name="guest_withdraw"),
    path("<uuid:pk>/guests/new/", InviteView.as_view(), name="guest_invite"),
    path("<uuid:pk>/", RoomView.as_view(), name="room"),
    path("<uuid:pk>/choice/", ChoiceView.as_view(), name="choice"),
    path("<uuid:pk>/ended/", EndedView.as_view(), name="ended"),
    path("<uuid:pk>/admissions/", AdmissionsView.as_view(), name="admissions"),
    path("<uuid:pk>/admissions/<uuid:admission>/", AdmissionView.as_view(), name="admission"),
    path(
        "<uuid:pk>/admissions/<uuid:admission>/messages/",
        WaitingRoomMessagesView.as_view(),
        name="waiting_room_messages",
    ),
]

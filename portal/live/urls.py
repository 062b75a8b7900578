from django.urls import path

from portal.live.check import CheckView
from portal.live.views import AdmissionsView, AdmissionView, DoorMessagesView, EndedView, RoomView, WaitingView

app_name = "live"
urlpatterns = [
    path("check/", CheckView.as_view(), name="check"),
    path("waiting/", WaitingView.as_view(), name="waiting"),
    path("<uuid:pk>/", RoomView.as_view(), name="room"),
    path("<uuid:pk>/ended/", EndedView.as_view(), name="ended"),
    path("<uuid:pk>/admissions/", AdmissionsView.as_view(), name="admissions"),
    path("<uuid:pk>/admissions/<uuid:admission>/", AdmissionView.as_view(), name="admission"),
    path("<uuid:pk>/admissions/<uuid:admission>/messages/", DoorMessagesView.as_view(), name="door_messages"),
]

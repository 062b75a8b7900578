"""Where a guest comes who is invited to one appointment, without signing in."""

from django.urls import path

from portal.live.invited import InvitedEndedView, InvitedView

app_name = "invited"
urlpatterns = [
    path("<str:token>/", InvitedView.as_view(), name="link"),
    path("<str:token>/ended/", InvitedEndedView.as_view(), name="ended"),
]

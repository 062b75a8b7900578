"""Where one comes by a personal link, without signing in."""

from django.urls import path

from portal.live.join import EndedView, ForgetView, JoinView

app_name = "join"
urlpatterns = [
    path("<slug:slug>/", JoinView.as_view(), name="link"),
    path("<slug:slug>/ended/", EndedView.as_view(), name="ended"),
    path("<slug:slug>/other/", ForgetView.as_view(), name="leave"),
]

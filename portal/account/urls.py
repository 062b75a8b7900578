"""Sign-in under /account/, and what belongs to oneself under /profile/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from portal.account.views import AskAgainView, DeviceView, InvitationView, ProfileView, SessionsView


def not_here(request: HttpRequest, **_: object) -> HttpResponse:
    """People come by invitation, and addresses are changed by those who look after people."""
    raise Http404


urlpatterns = [
    path("profile/", ProfileView.as_view(), name="profile"),
    path("account/sessions/", SessionsView.as_view(), name="account_sessions"),
    path("account/sessions/<int:pk>/", DeviceView.as_view(), name="account_session"),
    path("account/invitations/<str:token>/", InvitationView.as_view(), name="invitation"),
    path("account/invitations/<str:token>/again/", AskAgainView.as_view(), name="invitation_again"),
    path("account/signup/", not_here),
    path("account/email/", not_here),
    re_path("^account/confirm-email/", not_here),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),  # one by one, because the list of devices is ours
]

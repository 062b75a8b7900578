"""Sign-in under /account/, and what belongs to oneself under /profile/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from portal.account import entrance, passkey_views
from portal.account.channels import OwnChannelsView, PushDeviceRemovalView, PushDevicesView
from portal.account.texts import TextCodeView, TextNumberRemovalView, TextNumberView
from portal.account.views import AskAgainView, DeviceView, InvitationView, ProfileView, SessionsView
from portal.idle import AliveView, IdleView


def not_here(request: HttpRequest, **_: object) -> HttpResponse:
    """People come by invitation, and addresses are changed by those who look after people."""
    raise Http404


urlpatterns = [
    path("profile/", ProfileView.as_view(), name="profile"),
    path("profile/notifications/", OwnChannelsView.as_view(), name="own_channels"),
    path("profile/notifications/devices/", PushDevicesView.as_view(), name="push_devices"),
    path(
        "profile/notifications/devices/<uuid:pk>/removal/",
        PushDeviceRemovalView.as_view(),
        name="push_device_removal",
    ),
    path("profile/notifications/number/", TextNumberView.as_view(), name="text_number"),
    path("profile/notifications/number/code/", TextCodeView.as_view(), name="text_code"),
    path("profile/notifications/number/removal/", TextNumberRemovalView.as_view(), name="text_number_removal"),
    path("account/alive/", AliveView.as_view(), name="account_alive"),
    path("account/idle/", IdleView.as_view(), name="account_idle"),
    path("account/sessions/", SessionsView.as_view(), name="account_sessions"),
    path("account/sessions/<int:pk>/", DeviceView.as_view(), name="account_session"),
    path("account/invitations/<str:token>/", InvitationView.as_view(), name="invitation"),
    path("account/invitations/<str:token>/again/", AskAgainView.as_view(), name="invitation_again"),
    path("account/passkeys/use/<str:ticket>/", passkey_views.UseView.as_view(), name="passkey_use"),
    path("account/passkeys/used/<str:ticket>/", passkey_views.UsedView.as_view(), name="passkey_used"),
    path("account/passkeys/carried/<str:proof>/", passkey_views.CarriedView.as_view(), name="passkey_carried"),
    path("account/signup/", not_here),
    path("account/email/", not_here),
    re_path("^account/confirm-email/", not_here),
    # Before those of allauth, whose names they bear.
    path("account/login/", entrance.LoginView.as_view(), name="account_login"),
    path("account/login/code/", entrance.RequestCodeView.as_view(), name="account_request_login_code"),
    path("account/login/code/confirm/", entrance.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("account/2fa/webauthn/login/", entrance.PasskeyView.as_view(), name="mfa_login_webauthn"),
    path("account/2fa/authenticate/", entrance.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("account/password/reset/", entrance.PasswordResetView.as_view(), name="account_reset_password"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("account/reauthenticate/", entrance.ConfirmByPasswordView.as_view(), name="account_reauthenticate"),
    path("account/2fa/reauthenticate/", entrance.ConfirmByCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "account/2fa/webauthn/reauthenticate/",
        entrance.ConfirmByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/password/change/", entrance.ChangePasswordView.as_view(), name="account_change_password"),
    path("account/password/set/", entrance.SetPasswordView.as_view(), name="account_set_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),  # one by one, because the list of devices is ours
]

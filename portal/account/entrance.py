"""allauth's pages of the sign-in, with the product's limits, statuses and manners: nobody is signed in in another's place unasked."""

from typing import Any

from allauth.account import views as account
from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from core.kernel.limits import TooOften
from core.people import notifications, queries
from core.people.models import User
from portal.account import limits, somebody_else
from portal.account.passkeys import other_hosts
from portal.sign_in_first import safe_next


class Entrance:
    """A refused form is 422."""

    request: HttpRequest

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if any(getattr(value, "errors", None) for name, value in context.items() if name.endswith("form")):
            kwargs.setdefault("status", 422)
        return super().render_to_response(context, **kwargs)  # type: ignore[misc, no-any-return]


class ForNobodySignedIn(Entrance):
    """A page for people who are not signed in: whoever is, is told so when they send something, and it is not used."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and somebody_else.is_another(request, self.claimed(request)):
            return somebody_else.ask(request, after=safe_next(request), status=409)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def claimed(self, request: HttpRequest) -> User | None:
        """The login that is named, where one is."""
        return None


class LoginView(ForNobodySignedIn, account.LoginView):
    """Address and password."""

    def claimed(self, request: HttpRequest) -> User | None:
        return queries.login_by_email(request.POST.get("login", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooOften as refusal:
            form = self.get_form_class()(request=request, initial={"login": request.POST.get("login", "")})
            context = self.get_context_data(form=form, refusal=refusal)
            return self.render_to_response(context, status=429, headers={"Retry-After": str(refusal.seconds)})


class RequestCodeView(ForNobodySignedIn, account.RequestLoginCodeView):
    """A one-time code by mail. As much is done for an address that nobody has, so that the time does not tell."""

    def claimed(self, request: HttpRequest) -> User | None:
        return queries.login_by_email(request.POST.get("email", ""))

    def form_valid(self, form: Any) -> HttpResponse:
        address = form.cleaned_data["email"]
        limits.count_mail(self.request, login=address, user=form._user)
        if form._user is None:
            notifications.login_code_requested(
                queries.login_by_email(address)
            )  # nobody, looked for as `send_mail` does
        return super().form_valid(form)


class ConfirmCodeView(ForNobodySignedIn, account.ConfirmLoginCodeView):
    """The six digits."""


class PasskeyView(ForNobodySignedIn, webauthn.LoginWebAuthnView):
    """A passkey instead of address and password: nothing to guess."""


class SecondFactorView(ForNobodySignedIn, mfa.AuthenticateView):
    """The code of an authenticator, a recovery code or a passkey, after the password.

    A passkey that was made at another web address is used there (portal/account/passkeys.py).
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        hosts = other_hosts(self.request, self.stage.login.user)
        if hosts is not None:
            context.pop("webauthn_form", None)
        return {**context, "other_hosts": hosts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.stage.login.user
        guess = limits.guess(request, what="second factor", login=user.email, user=user)
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302:
            guess.right()
        return response


class PasswordResetView(Entrance, account.PasswordResetView):
    """A link for a new password. As much is done for an address that nobody has, so that the time does not tell."""

    def form_valid(self, form: Any) -> HttpResponse:
        address = form.cleaned_data["email"]
        user = queries.login_by_email(address)
        limits.count_mail(self.request, login=address, user=user)
        notifications.password_reset_requested(user)
        return redirect(self.get_success_url())


class NewPasswordView(Entrance, account.PasswordResetFromKeyView):
    """The page behind the link for a new password. It says whose, and signs nobody out unasked."""

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> HttpResponseBase:
        limits.count_link(request)
        if request.user.is_authenticated and key == self.reset_url_key:
            found = self._user_of_link(uidb36, request.session.get(INTERNAL_RESET_SESSION_KEY, ""))
            if found is not None and somebody_else.is_another(request, found):
                return self._ask(request, found)
        return super().dispatch(request, uidb36, key, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "owner": self.reset_user}

    def _ask(self, request: HttpRequest, owner: User) -> HttpResponse:
        if somebody_else.goes_on(request):
            key = request.session[INTERNAL_RESET_SESSION_KEY]
            return somebody_else.sign_out_and_return(request, **{INTERNAL_RESET_SESSION_KEY: key})
        return somebody_else.ask(request, wanted=owner, status=409 if request.method == "POST" else 200)

    def _user_of_link(self, uidb36: str, key: str) -> User | None:
        form = account.UserTokenForm(data={"uidb36": uidb36, "key": key})
        return form.reset_user if form.is_valid() else None  # type: ignore[return-value]


class Confirming(Entrance):
    """Somebody who is signed in shows once more who they are, before what changes the sign-in."""

    def _check_ratelimit(self, request: HttpRequest) -> None:
        if request.method == "POST":
            limits.count_confirming(request.user, what="confirm")  # type: ignore[arg-type]


class ConfirmByPasswordView(Confirming, account.ReauthenticateView):
    pass


class ConfirmByCodeView(Confirming, mfa.ReauthenticateView):
    pass


class ConfirmByPasskeyView(Confirming, webauthn.ReauthenticateWebAuthnView):
    pass


class ChangePasswordView(Entrance, account.PasswordChangeView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.count_confirming(request.user, what="password")  # type: ignore[arg-type]
        return super().post(request, *args, **kwargs)


class SetPasswordView(Entrance, account.PasswordSetView):
    pass

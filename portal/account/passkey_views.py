"""The way of a passkey that was made at another web address: there and back (portal/account/passkeys.py)."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.people.models import User
from portal.account import somebody_else
from portal.account.entrance import SecondFactorView
from portal.account.passkeys import NONCE, PROOF, PROOF_SECONDS, TICKET, TICKET_SECONDS, read, who
from tenants import host_names
from tenants.absolute_urls import host_url


class UseView(View):
    """Where the passkey works: it is asked for like after a password, which was given at the other address."""

    def get(self, request: HttpRequest, ticket: str) -> HttpResponse:
        return self._go_on(request, ticket)

    def post(self, request: HttpRequest, ticket: str) -> HttpResponse:
        if somebody_else.goes_on(request):
            return somebody_else.sign_out_and_return(request)
        return self._go_on(request, ticket)

    def _go_on(self, request: HttpRequest, ticket: str) -> HttpResponse:
        given = read(ticket, TICKET, TICKET_SECONDS)
        user = User.objects.filter(pk=given["user"]).first() if given else None
        if user is None:
            return render(request, "account/passkey_late.html", status=410)
        if somebody_else.is_another(request, user):
            return somebody_else.ask(request, wanted=user)
        onward = reverse("passkey_used", args=[ticket])
        if request.user.is_authenticated:
            return redirect(onward)
        return perform_login(request, user, redirect_url=onward)  # type: ignore[no-any-return]


class UsedView(View):
    """Signed in where the passkey works: back to where the sign-in began, by a page, because forms may not lead to other hosts."""

    def get(self, request: HttpRequest, ticket: str) -> HttpResponse:
        given = read(ticket, TICKET, TICKET_SECONDS)
        if given is None or not request.user.is_authenticated or str(request.user.pk) != given["user"]:
            return render(request, "account/passkey_late.html", status=410)
        proof = signing.dumps({**who(request.user), "nonce": given["nonce"]}, salt=PROOF)
        onward = host_url(given["to"], reverse("passkey_carried", args=[proof]))
        return render(request, "account/passkey_used.html", {"onward": onward, "shown": host_names.shown(given["to"])})


class CarriedView(SecondFactorView):
    """Back again: the sign-in that is under way in this browser ends, if the proof is of this very one."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proof, nonce = read(kwargs["proof"], PROOF, PROOF_SECONDS), request.session.pop(NONCE, None)
        if proof is None or nonce is None or (proof["user"], proof["nonce"]) != (str(self.stage.login.user.pk), nonce):
            messages.error(request, _("This took too long. Use the passkey once more."))
            return redirect("mfa_authenticate")
        return self.stage.exit()  # type: ignore[no-any-return]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("mfa_authenticate")

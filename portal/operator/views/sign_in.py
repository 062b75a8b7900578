"""Signing in: password, second factor, enrolment, recovery; and out."""

from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.views import View

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.limits import TooOften
from portal import kept_forms
from portal.forms import add_refusal
from portal.operator import access, presenters
from portal.operator.forms import CodeForm, CredentialsForm, RecoveryForm
from portal.operator.views.base import render_page
from tenants.operators import one_time_codes
from tenants.operators.actions import sign_in

KEPT = "Your session has ended. What you typed is kept: sign in, and it is there again."


class SignInView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        said = KEPT if kept_forms.PARAMETER in access.next_of(request) else ""
        return render_page(request, "operator/sign_in.html", {"form": CredentialsForm(), "notice": said})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CredentialsForm(request.POST)
        if form.is_valid():
            try:
                device = access.device_of(request, sign_in.find(form.cleaned_data["email"]))
                token = sign_in.check_credentials(
                    **form.cleaned_data, address=access.address_of(request), device=device, now=clock.now()
                )
            except DomainError as error:
                return refused(request, "operator/sign_in.html", error, form=form)
            return access.with_token(redirect(access.onward(request, "operator:code")), token)
        return render_page(request, "operator/sign_in.html", {"form": form}, status=422)


class CodeView(access.HalfSignedInView):
    def get(self, request: HttpRequest) -> HttpResponse:
        if self.session.operator.enrolled_at is None:
            return redirect("operator:enrolment")
        return render_page(request, "operator/code.html", {"form": CodeForm(), **self.steps})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                token = sign_in.check_code(
                    self.session, code=form.cleaned_data["code"], device=self.device, now=clock.now()
                )
            except DomainError as error:
                return refused(request, "operator/code.html", error, form=form, **self.steps)
            return self.signed_in(self.lead_on(), token)
        return render_page(request, "operator/code.html", {"form": form, **self.steps}, status=422)


class RecoveryView(access.HalfSignedInView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render_page(request, "operator/recovery.html", {"form": RecoveryForm(), **self.steps})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecoveryForm(request.POST)
        if form.is_valid():
            try:
                token = sign_in.check_recovery_code(
                    self.session, code=form.cleaned_data["code"], device=self.device, now=clock.now()
                )
            except DomainError as error:
                return refused(request, "operator/recovery.html", error, form=form, **self.steps)
            return self.signed_in(self.lead_on(), token)
        return render_page(request, "operator/recovery.html", {"form": form, **self.steps}, status=422)


class EnrolmentView(access.HalfSignedInView):
    """The first sign-in: an authenticator must be set up, there is no way round it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = access.session_of(request, stage="password")
        if session is not None and session.operator.enrolled_at is not None:
            return redirect("operator:code")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render_page(request, "operator/enrolment.html", self._values(CodeForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                token, codes = sign_in.confirm_enrolment(
                    self.session, code=form.cleaned_data["code"], device=self.device, now=clock.now()
                )
            except DomainError as error:
                return refused(request, "operator/enrolment.html", error, **self._values(form))
            request.operator = self.session.operator  # type: ignore[attr-defined]
            return self.signed_in(render_page(request, "operator/recovery_codes.html", {"codes": codes}), token)
        return render_page(request, "operator/enrolment.html", self._values(form), status=422)

    def _values(self, form: CodeForm) -> dict[str, Any]:
        secret = sign_in.propose_secret(self.session.operator)
        address = one_time_codes.address(secret, label=self.session.operator.email, issuer=presenters.VENDOR)
        spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return {"form": form, "secret": spaced, "picture": _picture(address)}


class SignOutView(access.OperatorView):
    def post(self, request: HttpRequest) -> HttpResponse:
        sign_in.sign_out(self.session, now=clock.now())
        return access.signed_out()


def refused(
    request: HttpRequest, template: str, refusal: DomainError, *, form: forms.Form, **values: Any
) -> HttpResponse:
    """The form with what was wrong; 429 and the time to wait for who has tried too often."""
    add_refusal(form, refusal)
    response = render_page(request, template, {**values, "form": form}, status=422)
    if isinstance(refusal, TooOften):
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _picture(text: str) -> SafeString:
    """The QR code as SVG without inline style; made here, so that the secret reaches no other host."""
    svg = segno.make(text, error="m").svg_inline(
        border=2, dark="#111", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # because segno drew it: a path of numbers, in which the text does not occur

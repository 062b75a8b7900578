"""Accepting an invitation, and one's own profile and sessions. Sign-in itself is allauth's."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from branding.queries import term
from core.kernel import clock
from core.kernel.errors import DomainError
from core.people import actions, notifications, permissions, queries
from core.people.models import Invitation
from core.people.rules.invitations import InvitationState
from core.people.rules.sign_in import sign_in_refusal
from portal import known_devices
from portal.access import SignedInView
from portal.account import limits, somebody_else
from portal.account.devices import device_of, devices_of, note, sign_out_device, sign_out_elsewhere
from portal.account.forms import InvitationForm, ProfileForm, zone_help
from portal.forms import FormView, add_refusal


class InvitationView(View):
    """The page behind the link in an invitation. Looking does not use the link up; setting the password does."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = actions.find_invitation(token)
        if _state(invitation) != InvitationState.OPEN:
            return _closed(request, invitation, token)
        if somebody_else.is_another(request, invitation.user):
            return somebody_else.ask(request, wanted=invitation.user)
        form = InvitationForm(initial={"time_zone": invitation.user.time_zone})
        return self._page(request, form, invitation)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        invitation = actions.find_invitation(token)
        if _state(invitation) == InvitationState.OPEN and somebody_else.is_another(request, invitation.user):
            if somebody_else.goes_on(request):
                return somebody_else.sign_out_and_return(request)
            return somebody_else.ask(request, wanted=invitation.user, status=409)
        form = InvitationForm(request.POST)
        if form.is_valid():
            try:
                user = actions.accept_invitation(
                    token=token, now=clock.now(), language=get_language() or "", **form.cleaned_data
                )
            except DomainError as error:
                if error.field is None:
                    return _closed(request, actions.find_invitation(token), token)
                add_refusal(form, error)
            else:
                return perform_login(request, user, redirect_url="/dashboard/")
        return self._page(request, form, invitation)

    def _page(self, request: HttpRequest, form: InvitationForm, invitation: Invitation) -> HttpResponse:
        clients = permissions.clients_acted_for(invitation.user)
        form.fields["time_zone"].help_text = zone_help(clients, term("appointment", plural=True))
        inviter = notifications.invited_by(invitation)
        context = {
            "form": form, "inviter": inviter, "by_person": invitation.inviter_id is not None,
            "invited": invitation.user, "clients": clients,
        }  # fmt: skip
        return render(request, "account/invitation.html", context, status=422 if form.errors else 200)


class AskAgainView(View):
    """Somebody holds a link that no longer works and asks for a new one."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        limits.count_mail(request, login=f"invitation:{token}", user=None)
        outcome = actions.ask_for_invitation(token=token, now=clock.now())
        return render(request, "account/invitation_asked.html", {"outcome": outcome})

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return redirect("invitation", token=token)


class ProfileView(FormView):
    """Name, time zone and language; and for whom one acts."""

    form_class = ProfileForm
    template_name = "account/profile.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return [self.user]

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.user, name) for name in ProfileForm.base_fields}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        clients = permissions.clients_acted_for(self.user)
        form.fields["time_zone"].help_text = zone_help(clients, term("appointment", plural=True))
        context = {**super().get_context_data(form), "clients": clients}
        if self.user.staff is not None:
            context["role_description"] = self.user.staff.role_definition.description
        return context

    def perform(self, form: ProfileForm) -> None:
        actions.change_profile(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("profile")


class SessionsView(SignedInView):
    """Where this person is signed in; POST signs out everywhere else."""

    def get(self, request: HttpRequest) -> HttpResponse:
        devices = devices_of(self.user, current=request.session.session_key)
        return render(request, "account/devices.html", {"devices": devices})

    def post(self, request: HttpRequest) -> HttpResponse:
        sign_out_elsewhere(request, by=self.user, now=clock.now())
        update_session_auth_hash(request, self.user)
        note(request=request, user=self.user)  # because its key is another one now
        messages.success(request, _("You are signed out on all other devices."))
        response = redirect("account_sessions")
        known_devices.remember(
            request, response, limits.as_known(self.user)
        )  # because all devices were forgotten, this one too
        return response


class DeviceView(SignedInView):
    """Sign out one device; this one by the ordinary way."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        device_of(self.user, pk)
        return redirect("account_sessions")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        device = device_of(self.user, pk)
        if device.session_key == request.session.session_key:
            messages.info(request, _("This is the device you are using. Sign out by your menu."))
        else:
            sign_out_device(device=device, by=self.user, now=clock.now())
            messages.success(request, _("The device is signed out."))
        return redirect("account_sessions")


def _state(invitation: Invitation) -> InvitationState:
    """What the link is worth, to a person who may sign in at all."""
    state = invitation.state_at(clock.now())
    if state == InvitationState.OPEN and sign_in_refusal(queries.login_facts(invitation.user)) is not None:
        return InvitationState.WITHDRAWN
    return state


def _closed(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """410 and what to do next."""
    context = {"state": _state(invitation).value, "token": token, "registered": invitation.user.has_usable_password()}
    return render(request, "account/invitation_closed.html", context, status=410)

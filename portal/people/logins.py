"""A login: its state, its invitation, its access switch, its address."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.notifications.models import Delivery
from core.people import actions, permissions, queries
from core.people.permissions import MANAGE
from core.people.roles import Permission
from core.people.rules.sign_in import sign_in_refusal
from portal.access import SignedInView
from portal.people.badges import login_badge
from portal.people.forms import ChangeLoginForm
from portal.people.history import history_rows
from portal.people.pages import ActPage, FormPage


class LoginView(SignedInView):
    """One login, for those who look after it."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        login = permissions.get_login(self.user, pk, to=MANAGE)
        latest = queries.latest_invitation(login.pk)
        state = latest.state_at(clock.now()).value if latest else ""
        visible = permissions.clients_visible_to(self.user)
        context = {
            "login": login,
            "badge": login_badge(login, invited=state == "open"),
            "invitation": latest,
            "invitation_state": state,
            "refusal": sign_in_refusal(queries.login_facts(login)),
            "clients": visible.filter(links__user=login),
            "mails": Delivery.objects.filter(recipient_id=str(login.pk))[:5],
            "history": history_rows(queries.history_of(login, most=8)) if self.user.may(Permission.SEE_AUDIT) else [],
        }
        return render(request, "people/login.html", context)


class ChangeLoginView(FormPage):
    """Name, address and zone of a login."""

    template = "people/login_change.html"
    form_class = ChangeLoginForm

    def open(self, pk: Any) -> None:
        self.login = permissions.get_login(self.user, pk, to=MANAGE)

    def initial(self) -> dict[str, Any]:
        return {"name": self.login.name, "email": self.login.email, "time_zone": self.login.time_zone}

    def context(self) -> dict[str, Any]:
        return {"login": self.login}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.change_login(login=self.login, by=self.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("people:login", pk=self.login.pk)


class LoginAct(ActPage):
    """A button on a login's page."""

    def back(self, pk: Any) -> str:
        return reverse("people:login", args=[pk])


class InvitationActView(LoginAct):
    """Send, send again, or withdraw the invitation."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        login = permissions.get_login(self.user, pk, to=MANAGE)
        if request.POST.get("withdraw"):
            actions.withdraw_invitation(login=login, by=self.user, now=clock.now())
            return _("The invitation is withdrawn; its link no longer works.")
        actions.invite_login(login=login, by=self.user, now=clock.now())
        return _("An invitation is on its way to %(address)s.") % {"address": login.email}


class AccessView(LoginAct):
    """The switch "may log in"."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        login = permissions.get_login(self.user, pk, to=MANAGE)
        on = request.POST.get("may_log_in") == "on"
        actions.switch_access(login=login, may_log_in=on, by=self.user, now=clock.now())
        return _("Access is on.") if on else _("Access is off; every session has ended.")


class PasswordResetView(LoginAct):
    """Mail a link for a new password."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        login = permissions.get_login(self.user, pk, to=MANAGE)
        actions.send_password_reset(login=login, by=self.user, now=clock.now())
        return _("A link for a new password is on its way to %(address)s.") % {"address": login.email}

"""A login: its state, its invitation, its access switch, its address."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.notifications.models import Delivery
from core.people import actions, permissions, queries
from core.people.permissions import MANAGE
from core.people.roles import Permission
from core.people.rules.invitations import InvitationState
from core.people.rules.sign_in import sign_in_refusal
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.people.badges import login_badge
from portal.people.forms import ChangeLoginForm
from portal.people.history import history_rows


class LoginView(SignedInView):
    """One login, for those who look after it."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        login = permissions.get_login(self.user, pk, to=MANAGE)
        latest = queries.latest_invitation(login.pk)
        state = latest.state_at(clock.now()).value if latest else ""
        mails = list(Delivery.objects.filter(recipient_id=str(login.pk))[:5])
        latest_mail = next((mail for mail in mails if mail.is_mail), None)
        context = {
            "login": login,
            "badge": login_badge(login, invited=state == "open"),
            "invitation": latest,
            "invitation_state": state,
            "refusal": sign_in_refusal(queries.login_facts(login)),
            "clients": permissions.clients_visible_to(self.user).filter(links__user=login),
            "mails": mails,
            "lost": latest_mail if latest_mail and latest_mail.state not in Delivery.ARRIVING else None,
            "history": history_rows(queries.history_of(login, most=8)) if self.user.may(Permission.SEE_AUDIT) else [],
        }
        return render(request, "people/login.html", context)


class ChangeLoginView(FormView):
    """Name, address and zone of a login."""

    template_name = "people/login_change.html"
    edits = True
    form_class = ChangeLoginForm

    def load(self, pk: Any) -> None:
        self.login = permissions.get_login(self.user, pk, to=MANAGE)
        latest = queries.latest_invitation(self.login.pk)
        self.was_invited = latest is not None and latest.state_at(clock.now()) == InvitationState.OPEN

    def get_edited(self) -> list[Any]:
        return [self.login]

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.login.name, "email": self.login.email, "time_zone": self.login.time_zone}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "login": self.login}

    def perform(self, form: ChangeLoginForm) -> None:
        actions.change_login(login=self.login, by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_message(self) -> str:
        latest = queries.latest_invitation(self.login.pk)
        if self.was_invited and latest is not None and latest.state_at(clock.now()) != InvitationState.OPEN:
            return _("Saved. The invitation to the old address no longer works; send one to the new address.")
        return _("Saved.")

    def get_success_url(self) -> str:
        return reverse("people:login", args=[self.login.pk])


class LoginActionView(ActionView):
    """A button on a login's page."""

    def load(self, pk: Any) -> None:
        self.login = permissions.get_login(self.user, pk, to=MANAGE)

    def get_success_url(self) -> str:
        return reverse("people:login", args=[self.login.pk])


class InvitationView(LoginActionView):
    """Send, send again, or withdraw the invitation."""

    @property
    def withdraws(self) -> bool:
        return bool(self.request.POST.get("withdraw"))

    def perform(self) -> None:
        act = actions.withdraw_invitation if self.withdraws else actions.invite_login
        act(login=self.login, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        if self.withdraws:
            return _("The invitation is withdrawn; its link no longer works.")
        return _("An invitation is on its way to %(address)s.") % {"address": self.login.email}


class AccessView(LoginActionView):
    """The switch "may log in"."""

    @property
    def may_log_in(self) -> bool:
        return self.request.POST.get("may_log_in") == "on"

    def perform(self) -> None:
        actions.switch_access(login=self.login, may_log_in=self.may_log_in, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("Access is on.") if self.may_log_in else _("Access is off; every session has ended.")


class PasswordResetView(LoginActionView):
    """Mail a link for a new password."""

    def perform(self) -> None:
        actions.send_password_reset(login=self.login, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("A link for a new password is on its way to %(address)s.") % {"address": self.login.email}

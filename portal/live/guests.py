"""Guests of one appointment, for its hosts: invite, send again, withdraw."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.queries import current_brand
from core.kernel import clock
from portal.forms import ActionView, FormView
from portal.language_fields import LanguageForm
from sessions_live.invitations import actions
from sessions_live.invitations.models import LONGEST_ADDRESS, GuestInvitation
from sessions_live.invitations.permissions import get_invitation
from sessions_live.permissions import get_room_appointment
from sessions_live.personal_links.models import LONGEST_NAME


class InvitationForm(LanguageForm):
    """Who is invited, and in which language they are written to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=LONGEST_ADDRESS)

    field_order = ("name", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].help_text = ""


class InviteView(FormView):
    """Invite somebody."""

    template_name = "live/guest_invitation.html"
    form_class = InvitationForm
    edits = False

    def load(self, pk: UUID) -> None:
        self.appointment, _role = get_room_appointment(self.user, pk, host=True)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "appointment": self.appointment,
            "most": actions.MOST,
            "back": self.get_success_url(),
        }

    def perform(self, form: InvitationForm) -> GuestInvitation:
        return actions.invite_guest(
            self.appointment,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            language=form.cleaned_data.get("language") or current_brand().language,
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        return _("%(name)s is invited, and gets a mail with the link.") % {"name": self.result.guest.name}

    def get_success_url(self) -> str:
        return reverse("scheduling:appointment", args=[self.appointment.pk])


class InvitationActionView(ActionView):
    """Something done with one invitation, from the page of the appointment."""

    def load(self, pk: UUID) -> None:
        self.invitation = get_invitation(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("scheduling:appointment", args=[self.invitation.appointment_id])


class SendAgainView(InvitationActionView):
    """The mail once more."""

    success_message = gettext_lazy("Sent again.")

    def perform(self) -> GuestInvitation:
        return actions.send_again(self.invitation, by=self.user, now=clock.now())


class WithdrawView(InvitationActionView):
    """The link is dead."""

    success_message = gettext_lazy("Withdrawn. The link leads nowhere any more.")

    def perform(self) -> GuestInvitation:
        return actions.withdraw_invitation(self.invitation, by=self.user, now=clock.now())

"""The mobile number to which one wants text messages: given, confirmed by a code, taken away."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.errors import NotFound
from core.notifications.channels import has_stopped
from core.notifications.models import Delivery, NotificationSettings, TextNumber
from core.notifications.phone_numbers import shown
from core.notifications.text_gateway import is_name
from core.notifications.text_templates import TEXT_CODE
from core.people import actions
from portal.forms import ActionView, FormView


class NumberForm(forms.Form):
    """The number, and the agreement."""

    number = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("A code is sent there. It may cost what your contract says."),
    )
    agrees = forms.BooleanField(
        label=_("I agree to get text messages at this number. Answering STOP ends it at any time.")
    )

    def __init__(self, *args: Any, can_be_answered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_be_answered:
            self.fields["agrees"].label = _(
                "I agree to get text messages at this number. I can end it at any time under Notifications."
            )


class CodeForm(forms.Form):
    """What was sent."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=_("Six digits, in the text message that is on its way. It holds for 15 minutes."),
    )


class TextNumberView(FormView):
    """Give the number."""

    form_class = NumberForm
    template_name = "account/text_number.html"
    edits = False

    def load(self) -> None:
        self.settings = NotificationSettings.current()
        if not self.settings.has_texts:
            raise NotFound("no text messages here")

    def get_form(self, *posted: Any) -> NumberForm:
        can_be_answered = not is_name(self.settings.text_sender)
        return NumberForm(*posted, initial=self.get_initial(), can_be_answered=can_be_answered)

    def get_initial(self) -> dict[str, Any]:
        row = TextNumber.objects.filter(user_id=self.user.pk).first()
        return {"number": shown(row.asked_number) if row and row.asked_number else ""}

    def perform(self, form: NumberForm) -> None:
        actions.give_text_number(number=form.cleaned_data["number"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("text_code")


class TextCodeView(FormView):
    """Confirm it. Wrong codes are counted, whatever else happens."""

    form_class = CodeForm
    template_name = "account/text_code.html"
    edits = False
    calls_processor = True  # so that a wrong code stays counted when the form is refused
    success_message = _("Text messages go to this number from now on.")

    def load(self) -> None:
        rows = TextNumber.objects.filter(user_id=self.user.pk).exclude(asked_number="")
        row = rows.first() if NotificationSettings.current().has_texts else None
        if row is None:
            raise NotFound("no number to confirm")
        self.row = row

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "number": shown(self.row.asked_number),
            "is_late": not self.row.awaits_code(clock.now()),
            "trouble": self._trouble(),
        }

    def _trouble(self) -> Delivery | None:
        """Why the latest code has not arrived, as far as is known."""
        sent = Delivery.objects.filter(channel=TEXT_CODE.channel, kind=TEXT_CODE.code, recipient_id=str(self.user.pk))
        latest = sent.filter(created_at__gte=self.row.asked_at).first()
        return latest if latest is not None and latest.state not in Delivery.ARRIVING else None

    def perform(self, form: CodeForm) -> None:
        actions.confirm_text_number(code=form.cleaned_data["code"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("own_channels")


class TextNumberRemovalView(ActionView):
    """Take it away."""

    success_message = _("No more text messages. The number is taken away; only the log of what was sent keeps it.")

    def perform(self) -> None:
        actions.remove_text_number(by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("own_channels")


def number_card(user_id: Any, *, sender: str) -> dict[str, Any]:
    """What the page about channels shows of one's number."""
    row = TextNumber.objects.filter(user_id=user_id).first()
    if row is None:
        return {}
    return {
        "number": shown(row.number) if row.number else "",
        "agreed_at": row.agreed_at,
        "can_be_answered": not is_name(sender),
        "is_stopped": bool(row.number) and has_stopped(row.number),
        "asked": shown(row.asked_number) if row.asked_number else "",
    }

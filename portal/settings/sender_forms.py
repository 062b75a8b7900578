"""Forms about the sender of mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branding.senders.models import Sender


class RepliesForm(forms.Form):
    """The name that people read, and where replies go."""

    sender_name = forms.CharField(
        label=_("Sender’s name in mail"), max_length=120, required=False,
        help_text=_("Stands before the address. Empty: the name of the %(organization)s."),
    )  # fmt: skip
    reply_to = forms.EmailField(
        label=_("Replies go to"), required=False, help_text=_("Also the address that your pages name as a contact.")
    )
    reply_to_appointments = forms.EmailField(label=_("Replies to mail about times"), required=False)
    reply_to_billing = forms.EmailField(label=_("Replies to mail about money"), required=False)


class DomainForm(forms.Form):
    """The address of an own domain."""

    address = forms.EmailField(
        label=_("From which address mail leaves"), help_text=_("An address of your own domain, like hello@your-domain.")
    )


class ServerForm(forms.Form):
    """An own mail server, as a mail program asks for it."""

    address = forms.EmailField(label=_("From which address mail leaves"))
    host = forms.CharField(label=_("Server"), max_length=253, help_text=_("Its name, like smtp.your-domain."))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Encryption"), choices=Sender.Security.choices)
    user = forms.CharField(label=_("User name"), max_length=254, required=False)
    password = forms.CharField(
        label=_("Password"), max_length=500, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["password"].help_text = _("One is kept, encrypted. Empty: it stays.")


class CodeForm(forms.Form):
    """The code that a mail brought."""

    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class TestForm(forms.Form):
    """Where a test mail goes."""

    address = forms.EmailField(label=_("Send it to"))

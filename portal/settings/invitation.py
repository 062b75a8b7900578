"""The mail that invites, in the organization's own words: write, preview, go back to the standard text (NOT-07)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.notifications import mail
from core.notifications.rules.own_text import LONGEST_BODY, LONGEST_SUBJECT, OwnText, checked, filled
from core.people import actions, queries
from core.people.models import InvitationText
from core.people.roles import Permission
from core.people.rules.invitation_text import EXAMPLES, MAY_BE_EMPTY, PLACEHOLDERS
from portal.access import SignedInView
from portal.settings_pages import SettingsFormView

# A mail carries its styles in itself; nothing in it may run, load from elsewhere, or be framed by anybody else.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox"


class InvitationTextForm(forms.Form):
    """Subject and body; the rule of own texts checks them."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
        help_text=gettext_lazy("An empty line begins a new paragraph. The button to choose a password follows by itself."),
    )  # fmt: skip


class LanguageMixin:
    """Pages that exist once for each language on offer."""

    request: HttpRequest

    @property
    def language(self) -> str:
        """The one asked for, where the organization offers it."""
        asked = self.request.GET.get("language", "")
        return asked if asked in offered() else offered()[0]


class InvitationTextView(LanguageMixin, SettingsFormView):
    """One text for each of the organization's languages."""

    needs = Permission.MANAGE_ORGANIZATION
    form_class = InvitationTextForm
    template_name = "settings/invitation.html"
    edits = True
    success_message = gettext_lazy("Saved. The next invitation has this text.")

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        return list(InvitationText.objects.filter(language=self.language))

    def get_initial(self) -> dict[str, Any]:
        text = text_in_force(self.language)
        return {"subject": text.subject, "body": text.body}

    def act(self, **kwargs: Any) -> HttpResponse:
        if "reset" in self.request.POST:
            actions.reset_invitation_text(language=self.language, by=self.user, now=clock.now())
            messages.success(self.request, _("Invitations have the standard text again."))
            return redirect(self.get_success_url())
        return super().act(**kwargs)

    def perform(self, form: InvitationTextForm) -> None:
        actions.change_invitation_text(
            language=self.language, languages=offered(), **form.cleaned_data, by=self.user, now=clock.now()
        )

    def get_success_url(self) -> str:
        return f"{reverse('settings:invitation')}?language={self.language}"

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        names, here = dict(settings.LANGUAGES), reverse("settings:invitation")
        return {
            **super().get_context_data(form),
            "is_own": queries.own_invitation_text(self.language) is not None,
            "placeholders": [(f"{{{{ {name} }}}}", translate(meaning)) for name, meaning in PLACEHOLDERS.items()],
            "example": "{% if clients %} … {% endif %}",
            "language": self.language,
            "languages": [
                {"label": names.get(code, code), "url": f"{here}?language={code}", "current": code == self.language}
                for code in offered()
            ],
            "preview_url": f"{reverse('settings:invitation_preview')}?language={self.language}",
        }


@method_decorator(xframe_options_sameorigin, name="dispatch")
class InvitationPreviewView(LanguageMixin, SignedInView):
    """The mail as it would arrive, in the brand: of the text in force, or of what stands in the form. Shown in a frame of the page."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._mail(text_in_force(self.language))

    def post(self, request: HttpRequest) -> HttpResponse:
        written = OwnText(request.POST.get("subject", ""), request.POST.get("body", ""))
        try:
            require_plain(written.subject, written.body)
            return self._mail(checked(written, EXAMPLES, MAY_BE_EMPTY))
        except DomainError as error:
            return self._framed(render(request, "settings/_no_preview.html", {"message": error.message}, status=422))

    def _mail(self, text: OwnText) -> HttpResponse:
        reader = mail.Recipient(
            user_id="",
            name=_("Max Example"),
            address="max@example.com",
            time_zone=self.user.time_zone,
            language=self.language,
        )
        values = {
            "name": reader.name, "inviter": self.user.name, "organization": current_brand().name, "clients": _("Mia Example"), "role": "",
        }  # fmt: skip
        context = {
            "own": filled(text, values), "inviter": self.user.name, "by_person": True, "link": "#", "clients": [], "role": None,
            "expires_at": clock.now() + timedelta(hours=72),
        }  # fmt: skip
        return self._framed(HttpResponse(mail.render("emails/invitation.mjml", reader, context)[2]))

    def _framed(self, response: HttpResponse) -> HttpResponse:
        response.headers["Content-Security-Policy"] = PREVIEW_POLICY
        return response


def offered() -> list[str]:
    """The languages in which invitations can go out."""
    return list(current_brand().languages) or ["en"]


def text_in_force(language: str) -> OwnText:
    """The organization's own text, or the standard one written with placeholders."""
    return queries.own_invitation_text(language) or standard_text(language)


def standard_text(language: str) -> OwnText:
    """What an invitation says by itself, as a start for one's own words."""
    with translation.override(language):
        subject = _("%(inviter)s has invited you to %(name)s") % {
            "inviter": "{{ inviter }}",
            "name": "{{ organization }}",
        }
        parts = [
            _("Hello %(name)s,") % {"name": "{{ name }}"},
            f"{{% if clients %}}{_('You will act for:')} {{{{ clients }}}}.{{% endif %}}",
            f"{{% if role %}}{_('Your role:')} {{{{ role }}}}.{{% endif %}}",
            _("Choose a password, and you are in."),
        ]
    return OwnText(subject, "\n\n".join(parts))

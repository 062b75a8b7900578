"""Forms about legal texts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.legal.models import CHANGES, LONGEST, TITLE, LegalText
from core.legal.queries import Ask
from portal.rich_text_fields import RichTextInput

YES, NO = "yes", "no"


class NewConsentForm(forms.Form):
    """What a consent is called; its text is written afterwards."""

    title = forms.CharField(
        label=gettext_lazy("What it is called"), max_length=TITLE,
        help_text=gettext_lazy("As people read it, like: Photos of our work together."),
    )  # fmt: skip


class WordsForm(forms.Form):
    """A text in one language."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, required=False, widget=RichTextInput(attrs={"rows": 24})
    )


class AskingForm(forms.Form):
    """Who is asked, and where it is linked."""

    is_asked_of_clients = forms.BooleanField(label=gettext_lazy("Ask %(clients)s to accept it"), required=False)
    is_asked_of_staff = forms.BooleanField(label=gettext_lazy("Ask %(staff_members)s to accept it"), required=False)
    is_per_client = forms.BooleanField(
        label=gettext_lazy("Ask for each %(client)s separately"), required=False,
        help_text=gettext_lazy("%(Guardians)s answer once for each %(client)s they act for; %(staff_members)s are not asked."),
    )  # fmt: skip
    is_linked = forms.BooleanField(
        label=gettext_lazy("Link it at the foot of pages and mails"), required=False,
    )  # fmt: skip

    def __init__(self, *posted: Any, text: LegalText, **more: Any) -> None:
        super().__init__(*posted, **more)
        if text.kind == LegalText.Kind.IMPRINT:
            del self.fields["is_asked_of_clients"], self.fields["is_asked_of_staff"]
        if not text.is_consent:
            del self.fields["is_per_client"]


class PublicationForm(forms.Form):
    """What has changed, in each language in which something is written, and whether everybody is asked again."""

    def __init__(self, *posted: Any, languages: Sequence[str], is_first: bool, is_asked: bool, **more: Any) -> None:
        super().__init__(*posted, **more)
        names = dict(settings.LANGUAGES)
        if is_first:
            return
        for language in languages:
            label = _("What has changed (%(language)s)") % {"language": names.get(language, language)}
            self.fields[f"changes_{language}"] = forms.CharField(
                label=label, max_length=CHANGES, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
        if is_asked:
            self.fields["must_accept"] = forms.BooleanField(
                label=_("Must be accepted again"), required=False,
                help_text=_("Whoever has answered an earlier version is asked once more. Leave it off for mended spelling."),
            )  # fmt: skip

    def changes(self) -> dict[str, str]:
        """By language."""
        return {
            name.removeprefix("changes_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("changes_")
        }


class OpenTextsForm(forms.Form):
    """One field for each text that somebody is asked about: a tick for what is accepted, yes or no for a consent."""

    def __init__(self, *posted: Any, asks: Sequence[Ask], **more: Any) -> None:
        super().__init__(*posted, **more)
        self.asks = {ask.key: ask for ask in asks}
        for key, ask in self.asks.items():
            self.fields[key] = _consent_field(ask) if ask.text.is_consent else _document_field(ask)

    def clean(self) -> dict[str, Any]:
        if not posted_keys(self.data) <= set(self.asks):
            raise forms.ValidationError(_("A text has changed meanwhile. Read it as it is now, then answer."))
        return self.cleaned_data


def posted_keys(data: Any) -> set[str]:
    """The names of sent fields that are about texts: two ids beside one another."""
    return {name for name in data if name.count("-") in (5, 9) and len(name) > 36}


def _document_field(ask: Ask) -> forms.Field:
    return forms.BooleanField(
        label=_("I accept: %(title)s") % {"title": ask.text.title},
        error_messages={"required": _("Tick it to accept, or choose “Not now”.")},
    )


def _consent_field(ask: Ask) -> forms.Field:
    return forms.ChoiceField(
        label=_("For %(name)s") % {"name": ask.client.name} if ask.client else _("Your answer"),
        choices=[(YES, _("I agree")), (NO, _("I do not agree"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of both, or choose “Not now”.")},
    )

"""The contact form of the website: what visitors type, and how it stands on a page.

Programs meet a field that people do not see, a form that knows when it was made, and limits; nobody else's service is asked.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enquiries.actions import Written
from core.enquiries.models import LONGEST_TEXT
from core.kernel import clock, sent_forms
from core.pages.addresses import in_language
from core.pages.sections import topics_of
from portal import once
from portal.legal_links import privacy_notice

TRAP = "website"
QUICKEST = timedelta(seconds=3)  # in which a person has written a message


class ContactForm(forms.Form):
    """Who writes, and what. `topics`: of which one is chosen, where there are any."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    topic = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *posted: Any, topics: Sequence[str], section: str = "") -> None:
        super().__init__(*posted, auto_id=f"contact-{section[-8:]}-%s")
        self.key = self.data.get(once.FIELD) or sent_forms.new_key()
        if topics:
            self.fields["topic"].choices = [("", "—"), *((each, each) for each in topics)]  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]

    def clean(self) -> dict[str, Any]:
        """What no person sends is said above the form, and everything that was typed stays there: somebody sends it once more."""
        if self.data.get(TRAP):
            said = _(
                "A field was filled in that people do not see, perhaps by your browser. It is empty again: send it once more."
            )
            raise forms.ValidationError(said)
        made_at = sent_forms.made_at(self.key)
        if made_at is None or clock.now() - made_at < QUICKEST:
            raise forms.ValidationError(_("That was very quick. Look through it, and send it once more."))
        return self.cleaned_data

    def written(self) -> Written:
        """For a valid form."""
        return Written(**{"topic": "", **self.cleaned_data})


def on_page(page: int, section: str, value: dict[str, Any], language: str) -> dict[str, Any]:
    """What the form shows in a section of a page; `language`: the one that stands in the address, if any."""
    return shown(
        ContactForm(topics=topics_of(value), section=section), page=str(page), section=section, language=language
    )


def shown(form: ContactForm, *, page: str, section: str, language: str) -> dict[str, Any]:
    """The form with what its template needs besides: whose it is, where it is sent, and what is said of what becomes of it."""
    return {
        "contact_form": form,
        "contact_url": in_language(reverse("public_enquiry"), language),
        "contact_page": page,
        "contact_section": section,
        "privacy": privacy_notice(language=language),
    }

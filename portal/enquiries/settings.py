"""Where enquiries go by mail, how long they are kept, and on which pages the form stands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.enquiries.actions import change_enquiry_settings
from core.enquiries.models import EnquirySettings
from core.enquiries.queries import recipients
from core.pages.queries import pages_with_contact_form, titles
from core.people.roles import Permission
from portal.settings_pages import SettingsFormView


class RecipientsField(forms.CharField):
    """Mail addresses, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value)).replace(",", "\n").splitlines()]
        address = forms.EmailField(max_length=254)
        found = []
        for line in filter(None, lines):
            try:
                found.append(address.clean(line))
            except ValidationError as error:
                raise ValidationError(_("“%(line)s” is no mail address.") % {"line": line}) from error
        return found


class SettingsForm(forms.Form):
    """To whom, and how long."""

    recipients = RecipientsField(label=gettext_lazy("Mail enquiries to"), required=False, max_length=3000)
    keep_months = forms.TypedChoiceField(
        label=gettext_lazy("Keep what is answered or archived for"), choices=EnquirySettings.Kept.choices, coerce=int,
        help_text=gettext_lazy("After that it is deleted by itself, every night. What is new stays until somebody has dealt with it."),
    )  # fmt: skip


class SettingsView(SettingsFormView):
    """The settings of the contact form."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "enquiries/settings.html"
    form_class = SettingsForm
    edits = True
    success_message = gettext_lazy("Saved.")

    def get_edited(self) -> list[Any]:
        return [EnquirySettings.current()]

    def get_initial(self) -> dict[str, Any]:
        row = EnquirySettings.current()
        return {"recipients": row.recipients, "keep_months": row.keep_months}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        keys = [text.page_id for text in pages_with_contact_form()]
        texts = titles(keys, get_language() or "")
        pages = [{"title": texts[key].title, "url": reverse("website:page", args=[key])} for key in keys]
        return {**super().get_context_data(form), "pages": pages, "in_force": recipients()}

    def perform(self, form: SettingsForm) -> EnquirySettings:
        return change_enquiry_settings(by=self.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("enquiry_settings:settings")

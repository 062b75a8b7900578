"""One message in one language: its words, how it looks, its versions, and a test to oneself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as toasts
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.notifications.channels import text_number_of
from core.notifications.messages import Channel, Message
from core.notifications.models import NotificationSettings, OwnWords
from core.notifications.phone_numbers import shown
from core.notifications.queries import version_in_force, versions_of
from core.notifications.rules.message_text import LONGEST, MessageText
from core.notifications.texts import text_in_force
from core.people import actions
from core.people.roles import Permission
from portal import manifests
from portal.forms import ActionView, add_refusal
from portal.settings.messages import ICONS, MessageMixin, branch_choices, message_url, offered, variables_of
from portal.settings_pages import SettingsFormView

MOST_VERSIONS = 20


class MessageTextForm(forms.Form):
    """The parts that the message has; the rule of message texts checks them."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST["subject"])
    heading = forms.CharField(
        label=gettext_lazy("Heading"),
        max_length=LONGEST["heading"],
        help_text=gettext_lazy("Stands over the text. Without one, the subject does."),
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST["body"],
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "An empty line begins a new paragraph. An address that begins with https:// becomes a link."
        ),
    )
    button = forms.CharField(label=gettext_lazy("Button"), max_length=LONGEST["button"])

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in list(self.fields):
            if part not in message.parts:
                del self.fields[part]
            elif part in message.optional_parts:
                self.fields[part].required = False
        if message.channel != Channel.EMAIL:
            self.fields["subject"].label = _("Title") if "body" in self.fields else _("Text")
        if message.channel == Channel.SMS:
            self.fields["subject"].widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "true"})
            self.fields["subject"].help_text = _("Kept in one line. The preview counts the parts that it is paid by.")
        if message.channel != Channel.EMAIL and "body" in self.fields:
            self.fields["body"].help_text = ""
            self.fields["body"].widget.attrs["rows"] = 3


class MessageView(MessageMixin, SettingsFormView):
    """Write the words; with the button for it, send them to oneself instead of keeping them."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/message.html"
    edits = True
    success_message = gettext_lazy("Saved. From now on the message has these words.")

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}" + (f"&{self.branch.pk}" if self.branch else "")

    def get_edited(self) -> list[Any]:
        version = version_in_force(self.message, self.language, self.branch)
        return [version] if version is not None else []

    def get_initial(self) -> dict[str, Any]:
        with translation.override(self.language):
            text = text_in_force(self.message, self.language, self.branch)
        return {part: getattr(text, part) for part in self.message.parts}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        return MessageTextForm(*posted, initial=self.get_initial(), message=self.message)

    def act(self, **kwargs: Any) -> HttpResponse:
        if "test" not in self.request.POST:
            return super().act(**kwargs)
        self.load(**kwargs)
        return self.try_out()

    @property
    def test_address(self) -> str:
        """Where a test goes: one's own address, or the number to which one has agreed; nowhere behind the bell."""
        if self.message.channel == Channel.SMS:
            number = text_number_of(self.user.pk) if NotificationSettings.current().has_texts else ""
            return shown(number) if number else ""
        return self.user.email if self.message.channel == Channel.EMAIL else ""

    def try_out(self) -> HttpResponse:
        """Promise the test of what stands in the form, which stays as it was typed."""
        form = self.get_form(self.request.POST)
        self.recall_version(self.request.POST)
        if form.is_valid():
            try:
                actions.test_message(
                    self.message,
                    language=self.language,
                    languages=offered(),
                    text=MessageText(**form.cleaned_data),
                    branch=self.branch,
                    by=self.user,
                    now=clock.now(),
                )
                toasts.success(self.request, _("A test is on its way to %(address)s.") % {"address": self.test_address})
            except DomainError as refusal:
                add_refusal(form, refusal)
        return self.render_form(form)

    def perform(self, form: Any) -> OwnWords | None:
        return actions.change_message(
            self.message,
            language=self.language,
            languages=offered(),
            text=MessageText(**form.cleaned_data),
            branch=self.branch,
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return self.address()

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        versions = list(versions_of(self.message, self.language, self.branch)[:MOST_VERSIONS])
        names = dict(settings.LANGUAGES)
        return {
            **super().get_context_data(form),
            "message": self.message,
            "name": translate(self.message.name),
            "about": translate(self.message.about),
            "icon": ICONS[self.message.channel],
            "is_mail": self.message.channel == Channel.EMAIL,
            "is_text": self.message.channel == Channel.SMS,
            "can_test": bool(self.test_address),
            "is_own": bool(versions) and not versions[0].is_standard,
            "versions": versions,
            "variables": variables_of(self.message, self.language),
            "has_real": manifests.message_preview(self.message) is not None,
            "languages": [
                {
                    "label": names.get(code, code),
                    "url": message_url(self.message, code, branch=self.branch),
                    "current": code == self.language,
                }
                for code in offered()
            ],
            "language": self.language,
            "preview_url": self.address("message_preview"),
            "standard_url": self.address("message_standard"),
            "branch": self.branch,
            "branches": branch_choices(self.branch),
        }


class MessageStandardView(MessageMixin, ActionView):
    """Back to the standard words."""

    def get_success_message(self) -> str:
        if self.branch:
            return _("At %(branch)s the message has the same text as everywhere else again.") % {"branch": self.branch}
        return _("The message has the standard text again.")

    def perform(self) -> None:
        actions.reset_message(self.message, language=self.language, branch=self.branch, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return self.address()


class MessageVersionView(MessageMixin, ActionView):
    """Put an earlier version in force again."""

    success_message = gettext_lazy("The earlier version is in force again.")

    def load(self, channel: str, code: str, number: int, **_rest: Any) -> None:
        super().load(channel, code)
        if not versions_of(self.message, self.language, self.branch).filter(number=number).exists():
            raise NotFound
        self.number = number

    def perform(self) -> None:
        actions.restore_version(
            self.message,
            language=self.language,
            languages=offered(),
            number=self.number,
            branch=self.branch,
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return self.address()

"""Where legal texts are written: all of them, one with its versions, its words in each language, who is asked, and what is published."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import NotFound
from core.legal import actions, permissions, queries
from core.legal.models import LegalText
from core.legal.outlines import outline
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView
from portal.legal import presenters
from portal.legal.forms import AskingForm, NewConsentForm, PublicationForm, WordsForm
from portal.settings_pages import SettingsFormView, settings_menu


def languages() -> list[str]:
    """Those of the organization, its first one first."""
    return current_brand().languages or ["en"]


class TextMixin:
    """One text, by its address. `language`: the one that is written at the moment."""

    needs = Permission.MANAGE_LEGAL_TEXTS
    request: HttpRequest
    user: Any
    text: LegalText

    def load(self, slug: str) -> None:
        self.text = permissions.get_text(self.user, slug)

    def load_begun(self, slug: str) -> None:
        """For what can only be done with a text that somebody has begun."""
        TextMixin.load(self, slug)
        if self.text._state.adding:
            raise NotFound(f"legal text {slug}")

    @property
    def language(self) -> str:
        wanted = self.request.GET.get("language", "")
        return wanted if wanted in languages() else languages()[0]

    @property
    def title(self) -> str:
        """How the text is called among the settings."""
        return presenters.name_of(self.text, queries.titles_of([self.text]).get(self.text.pk, {}))

    def get_edited(self) -> list[Any]:
        return [] if self.text._state.adding else [self.text]

    def get_success_url(self) -> str:
        return reverse("legal:text", args=[self.text.slug])


class TextListView(SignedInView):
    """Every text, with what readers find of it."""

    needs = Permission.MANAGE_LEGAL_TEXTS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"rows": presenters.text_rows(), "settings_menu": settings_menu(request)}
        return render(request, "legal/texts.html", context)


class NewConsentView(SettingsFormView):
    """A consent of the organization's own."""

    needs = Permission.MANAGE_LEGAL_TEXTS
    form_class = NewConsentForm
    template_name = "legal/form.html"
    edits = False
    success_message = gettext_lazy("Begun as a draft. Write the text, then publish it.")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        shown = {"name": translation.gettext("New consent"), "back": reverse("legal:texts"), "crumb": ""}
        return {**super().get_context_data(form), **shown}

    def perform(self, form: NewConsentForm) -> LegalText:
        title = form.cleaned_data["title"]
        return actions.add_consent(title=title, language=languages()[0], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("legal:words", args=[self.result.slug])


class TextView(TextMixin, SignedInView):
    """One text: what is out, what waits, who is asked, its versions."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.load(slug)
        context = {
            **presenters.text_page(self.text, languages()),
            "settings_menu": settings_menu(request, at="legal:texts"),
        }
        return render(request, "legal/text.html", context)


class TextFormView(TextMixin, SettingsFormView):
    """A form about one text."""

    template_name = "legal/form.html"
    edits = True
    name: Any = ""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "name": self.name,
            "crumb": self.title,
            "back": reverse("legal:text", args=[self.text.slug]),
            "settings_menu": settings_menu(self.request, at="legal:texts"),
        }


class WordsView(TextFormView):
    """What a text says in one language, as a draft."""

    template_name = "legal/words.html"
    success_message = gettext_lazy("Saved as a draft. Nobody reads it until you publish it.")

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        words = queries.words_to_write(self.text, self.language)
        return [words] if words else []

    def get_form(self, *posted: Any) -> WordsForm:
        return WordsForm(*posted, initial=self.get_initial())

    def get_initial(self) -> dict[str, Any]:
        words = queries.words_to_write(self.text, self.language)
        title = words.title if words else presenters.kind_in(self.text, self.language)
        if words and words.body:
            return {"title": title, "body": words.body}
        with translation.override(self.language):
            return {"title": title, "body": outline(self.text.kind)}

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        words = queries.words_to_write(self.text, self.language)
        several = len(languages()) > 1
        return {
            **super().get_context_data(form),
            "name": self.title,
            "language_name": dict(settings.LANGUAGES)[self.language] if several else "",
            "languages": presenters.language_choices(self.text, languages(), self.language) if several else [],
            "is_outline": not (words and words.body),
        }

    def perform(self, form: WordsForm) -> Any:
        return actions.write_draft(
            text=self.text, language=self.language, **form.cleaned_data, by=self.user, now=clock.now()
        )


class AskingView(TextFormView):
    """Who is asked about a text."""

    name = gettext_lazy("Who is asked")
    success_message = gettext_lazy("Saved.")

    def get_form(self, *posted: Any) -> AskingForm:
        fields = ("is_asked_of_clients", "is_asked_of_staff", "is_per_client", "is_linked")
        return AskingForm(*posted, text=self.text, initial={name: getattr(self.text, name) for name in fields})

    def perform(self, form: AskingForm) -> None:
        wanted = {"is_asked_of_clients": False, "is_asked_of_staff": False, **form.cleaned_data}
        actions.change_asking(text=self.text, **wanted, by=self.user, now=clock.now())


class PublicationView(TextFormView):
    """Publish the draft, as the next version."""

    template_name = "legal/publication.html"
    name = gettext_lazy("Publish")
    success_message = gettext_lazy("Published. Everybody reads it from now on.")

    def load(self, slug: str) -> None:
        self.load_begun(slug)

    def get_edited(self) -> list[Any]:
        draft = queries.draft_of(self.text)
        return [self.text, *([draft, *draft.texts.all()] if draft else [])]

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        """Besides the fields: the draft that somebody has seen."""
        return {**super().get_version_values(form), "draft": queries.mark_of_draft(self.text)}

    def get_form(self, *posted: Any) -> PublicationForm:
        draft = queries.draft_of(self.text)
        written = {words.language for words in draft.texts.all()} if draft else set()
        return PublicationForm(
            *posted, languages=[each for each in languages() if each in written], is_first=self.text.current_number is None,
            is_asked=self.text.is_asked_of_clients or self.text.is_asked_of_staff,
        )  # fmt: skip

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), **presenters.draft_to_publish(self.text, languages())}

    def perform(self, form: PublicationForm) -> Any:
        return actions.publish_text(
            text=self.text, must_accept=form.cleaned_data.get("must_accept", False), changes=form.changes(), by=self.user,
            now=clock.now(),
        )  # fmt: skip


class TextActionView(TextMixin, ActionView):
    """A button about one text that somebody has begun."""

    def load(self, slug: str) -> None:
        self.load_begun(slug)


class DiscardView(TextActionView):
    """Throw the draft away."""

    success_message = gettext_lazy("The draft is thrown away. What is published stays.")

    def perform(self) -> None:
        actions.discard_draft(text=self.text, by=self.user)


class WithdrawalView(TextActionView):
    """Take the text out."""

    success_message = gettext_lazy("The text is taken out. Its versions and the answers to them stay here.")

    def perform(self) -> None:
        actions.withdraw_text(text=self.text, by=self.user, now=clock.now())


class ReturnView(TextActionView):
    """Show the text again."""

    success_message = gettext_lazy("The text is there again.")

    def perform(self) -> None:
        actions.return_text(text=self.text, by=self.user)


class RemovalView(TextActionView):
    """Delete what was never published."""

    success_message = gettext_lazy("Deleted.")

    def perform(self) -> None:
        actions.delete_text(text=self.text, by=self.user)

    def get_success_url(self) -> str:
        return reverse("legal:texts")

"""The organization's words: a set to start from, each noun changed by itself, in each language on offer (TRM-01)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.actions import change_words
from branding.models import Brand
from branding.own_nouns import check_noun
from branding.queries import own_nouns_of, published_brand, words_tried
from branding.rules.nouns import GENDERS, PRESETS, Noun
from branding.rules.vocabulary import Vocabulary, capitalized, keys, language_of_words, word_of_preset
from core.kernel.errors import DomainError
from core.kernel.translation import gettext_noop, translate
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import SettingsFormView

PRESET_NAMES = {
    "neutral": gettext_noop("Neutral"), "clinic": gettext_noop("Clinic"), "school": gettext_noop("School"), "coaching": gettext_noop("Coaching"),
    "agency": gettext_noop("Consulting agency"), "legal": gettext_noop("Law firm"),
}  # fmt: skip
MEANINGS = {
    "client": gettext_noop("Who is served"), "practitioner": gettext_noop("Who serves them"), "appointment": gettext_noop("An agreed time"),
    "session": gettext_noop("A meeting online"), "agent": gettext_noop("An office that pays for several people"),
    "staff_member": gettext_noop("Who works here"), "guardian": gettext_noop("Who acts for a minor"), "payer": gettext_noop("Who pays"),
    "group": gettext_noop("Several people at once"), "room": gettext_noop("Where people meet online"),
    "service": gettext_noop("What is offered at a price"), "invoice": gettext_noop("What asks for money"),
    "organization": gettext_noop("What you are together"),
}  # fmt: skip
GENDER_NAMES = {"m": gettext_noop("masculine"), "f": gettext_noop("feminine"), "n": gettext_noop("neuter")}
ARTICLES = [("", gettext_lazy("automatic")), ("a", "a"), ("an", "an")]


class WordsForm(forms.Form):
    """The set, and for each term the word for one, for several, and its gender or article; empty where the set's word stands."""

    vocabulary = forms.ChoiceField(label=gettext_lazy("Words of"))

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.fields["vocabulary"].choices = [(code, translate(PRESET_NAMES[code])) for code in PRESETS]  # type: ignore[attr-defined]
        preset = self["vocabulary"].value()
        for key in keys():
            word = word_of_preset(preset if preset in PRESETS else "neutral", language, key)
            self.fields[f"singular_{key}"] = _word_field(_("One"), word.singular)
            self.fields[f"plural_{key}"] = _word_field(_("Several"), word.plural)
            if language in GENDERS:
                genders = [(gender, translate(GENDER_NAMES[gender])) for gender in GENDERS[language]]
                self.fields[f"gender_{key}"] = forms.ChoiceField(
                    label=_("Gender"), choices=[("", "–"), *genders], required=False
                )
            else:
                self.fields[f"article_{key}"] = forms.ChoiceField(label=_("Article"), choices=ARTICLES, required=False)

    def clean(self) -> None:
        """Each noun whole, or not at all."""
        for key, noun in self.nouns().items():
            try:
                check_noun(key, noun)
            except DomainError as fault:
                self.add_error(fault.field, fault.message)
            if self.language in GENDERS and not noun.gender:
                self.add_error(f"gender_{key}", _("Choose the gender of this word: sentences depend on it."))

    def nouns(self) -> dict[str, Noun]:
        """The organization's own nouns, as far as they are filled in."""
        found = {}
        for key in keys():
            singular, plural, hint = (self.cleaned_data.get(name, "") for name in self.names_of(key))
            if singular or plural:
                own = {"gender": hint} if self.language in GENDERS else {"article": hint}
                found[key] = Noun(singular, plural, **own)
        return found

    def names_of(self, key: str) -> tuple[str, str, str]:
        """The names of a term's fields."""
        return f"singular_{key}", f"plural_{key}", f"{'gender' if self.language in GENDERS else 'article'}_{key}"

    @property
    def hint_label(self) -> str:
        """What the third field of each term asks for."""
        return _("Gender") if self.language in GENDERS else _("Article")

    def rows(self) -> list[dict[str, Any]]:
        """The terms, as the page shows them."""
        return [
            {
                "key": key,
                "title": capitalized(word_of_preset("neutral", translation.get_language() or "en", key).singular),
                "meaning": translate(MEANINGS.get(key, "")),
                "fields": [self[name] for name in self.names_of(key)],
                "is_own": bool(self[f"singular_{key}"].value()),
            }
            for key in keys()
        ]


class WordsMixin:
    """Pages that exist once for each language on offer."""

    request: HttpRequest

    @property
    def language(self) -> str:
        """The language of words asked for, where the organization offers it."""
        asked = self.request.GET.get("language", "")
        return asked if asked in offered() else offered()[0]

    def preview_of(self, form: WordsForm) -> list[tuple[str, str]]:
        """Sentences with the words that stand in the form, each with where it is read; a word with a fault counts as none."""
        faulty = {name.partition("_")[2] for name in form.errors}
        own = {key: noun for key, noun in form.nouns().items() if key not in faulty}
        return sentences(Vocabulary(form.cleaned_data.get("vocabulary", "neutral"), self.language, own))

    def form_as_it_stands(self) -> WordsForm:
        """The form bound to what is saved."""
        return WordsForm(self.saved(), language=self.language)

    def saved(self) -> dict[str, str]:
        """What is saved, by name of field."""
        brand = published_brand()
        values = {"vocabulary": brand.vocabulary}
        for key, noun in own_nouns_of(brand, self.language).items():
            hint = {"gender": noun.gender} if self.language in GENDERS else {"article": noun.article}
            parts = {"singular": noun.singular, "plural": noun.plural, **hint}
            values |= {f"{name}_{key}": part for name, part in parts.items()}
        return values


class WordsView(WordsMixin, SettingsFormView):
    """A set, and the nouns of one language."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/words.html"
    edits = True
    success_message = gettext_lazy("Saved. Pages and mail have these words from now on.")

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        return [published_brand()]

    def get_form(self, *posted: Any) -> WordsForm:
        return WordsForm(*posted, initial=self.saved(), language=self.language)

    def act(self, **kwargs: Any) -> HttpResponse:
        if "reset" not in self.request.POST:
            return super().act(**kwargs)
        with transaction.atomic():
            brand = Brand.objects.select_for_update().get(is_current=True)
            key, own = self.request.POST["reset"], own_nouns_of(brand, self.language)
            kept = {} if key == "all" else {other: noun for other, noun in own.items() if other != key}
            change_words(preset=brand.vocabulary, language=self.language, nouns=kept, by=self.user)
        messages.success(self.request, _("The word of the set stands again."))
        return redirect(self.get_success_url())

    def perform(self, form: WordsForm) -> None:
        change_words(preset=form.cleaned_data["vocabulary"], language=self.language, nouns=form.nouns(), by=self.user)

    def get_success_url(self) -> str:
        return f"{reverse('settings:words')}?language={self.language}"

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        names = dict(settings.LANGUAGES)
        here, standing = reverse("settings:words"), form if form.is_bound else self.form_as_it_stands()
        standing.is_valid()
        return {
            **super().get_context_data(form),
            "languages": [
                {"label": names.get(code, code), "url": f"{here}?language={code}", "current": code == self.language}
                for code in offered()
            ],
            "preview": self.preview_of(standing),  # type: ignore[arg-type]
            "preview_url": f"{reverse('settings:words_preview')}?language={self.language}",
        }


class WordsPreviewView(WordsMixin, SignedInView):
    """The sentences with the words that stand in the form: a part of the page for a script, a page without one."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(f"{reverse('settings:words')}?language={self.language}")

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._shown(WordsForm(request.POST, language=self.language))

    def _shown(self, form: WordsForm) -> HttpResponse:
        form.is_valid()
        context = {
            "preview": self.preview_of(form),
            "form": form,
            "back": f"{reverse('settings:words')}?language={self.language}",
        }
        part = "settings/_words_preview.html" if self.request.htmx else "settings/words_preview.html"  # type: ignore[attr-defined]
        return render(self.request, part, context)


def offered() -> list[str]:
    """The languages on offer that have words of their own."""
    found = [language for language in published_brand().languages if language_of_words(language) == language]
    return found or ["en"]


def sentences(words: Vocabulary) -> list[tuple[str, str]]:
    """Where something is read, and how it reads with these words, in their language."""
    places = [
        _("Menu"),
        _("Page"),
        _("Page"),
        _("Subject of a mail"),
        _("Heading of a paper"),
        _("Paper"),
        _("Online"),
        _("History"),
    ]
    with translation.override(words.language), words_tried(words):
        read = [
            " · ".join(
                capitalized(words.get(key, plural=True))
                for key in ("appointment", "client", "invoice", "staff_member", "agent")
            ),
            _("See upcoming %(appointments)s."),
            _("Front desk: sees all %(clients)s and looks after their details and %(appointments)s."),
            _("Your %(noun)s is booked") % {"noun": words.get("appointment")},
            _("%(Invoice)s %(number)s") % {"number": "2027-0001"},
            _("This %(invoice)s is void. Nothing is to be paid."),
            _("The %(session)s has ended."),
            _("Added %(service:a|an)s %(service)s"),
        ]
    return list(zip(places, read, strict=True))


def _word_field(label: str, example: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=200, widget=forms.TextInput(attrs={"placeholder": example})
    )

"""The forms of a card."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.team.models import ABOUT, PublicCard
from portal import spoken_languages
from portal.picture_fields import PictureField


class CardForm(forms.Form):
    """Everything on a card; title and text once for each language of the organization."""

    photo = PictureField(label=gettext_lazy("Photo"), required=False)
    name = forms.CharField(label=gettext_lazy("Name as it is shown"), max_length=150)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("What they offer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages they speak"), required=False, choices=spoken_languages.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    slug = forms.CharField(
        label=gettext_lazy("Address"), max_length=70, required=False,
        help_text=gettext_lazy("The last part of the address. Whoever has the old one is led to the new one."),
    )  # fmt: skip
    is_wanted = forms.BooleanField(label=gettext_lazy("Visible on the website"), required=False)

    def __init__(
        self, *posted: Any, languages: Sequence[str], services: Sequence[tuple[str, str]], may_show: str, **more: Any
    ) -> None:
        super().__init__(*posted, **more)
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        if not services:
            del self.fields["services"]
        self.fields["is_wanted"].help_text = may_show
        names, several = dict(settings.LANGUAGES), len(languages) > 1
        for language in languages:
            marked = f" ({names.get(language, language)})" if several else ""
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Title") + marked, max_length=100, required=False
            )
            self.fields[f"text_{language}"] = forms.CharField(
                label=_("About") + marked, max_length=ABOUT, required=False, widget=forms.Textarea(attrs={"rows": 5})
            )
        self.order_fields(["photo", "name", *(name for name in self.fields if name.startswith(("title_", "text_")))])

    def clean_slug(self) -> str:
        return slugify(self.cleaned_data["slug"], allow_unicode=True)

    def values(self, keep: Any) -> dict[str, Any]:
        """What was sent, as the action takes it; `keep` keeps an upload and gives its id."""
        sent = self.cleaned_data
        photo = sent["photo"]
        return {
            "name": sent["name"],
            "slug": sent["slug"],
            "languages": sent["languages"],
            "services": sent.get("services", []),
            "is_wanted": sent["is_wanted"],
            "photo": keep(photo) if isinstance(photo, UploadedFile) else photo or "",
            "titles": by_language(sent, "title_"),
            "texts": by_language(sent, "text_"),
        }


def initial_of(card: PublicCard | None, *, name: str, title: str, main: str) -> dict[str, Any]:
    """What is filled in already; of a new card, what is known of the person."""
    if card is None:
        return {"name": name, f"title_{main}": title}
    return {
        **{field: getattr(card, field) for field in ("photo", "name", "services", "languages", "slug", "is_wanted")},
        **{f"title_{language}": text for language, text in card.titles.items()},
        **{f"text_{language}": text for language, text in card.texts.items()},
    }


def by_language(sent: dict[str, Any], start: str) -> dict[str, str]:
    """Fields that there are once for each language."""
    return {name.removeprefix(start): text for name, text in sent.items() if name.startswith(start)}


class ReviewForm(forms.Form):
    """Whether cards are looked at first."""

    is_needed = forms.BooleanField(
        label=gettext_lazy("A card is released by somebody else before readers see it"), required=False,
        help_text=gettext_lazy("Without it, what people write of themselves is on the website as soon as they save it."),
    )  # fmt: skip

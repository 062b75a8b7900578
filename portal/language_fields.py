"""Languages in forms: the one in which somebody reads, and texts that the organization writes in each of its own."""

from copy import copy
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from branding.queries import current_brand
from core.kernel.own_texts import OwnText, written_in


def language_choices() -> list[tuple[str, str]]:
    """The languages that the organization offers, by their own names; English where it says nothing."""
    offered = current_brand().languages or ["en"]
    return [(code, name) for code, name in settings.LANGUAGES if code in offered] or [("en", "English")]


class LanguageForm(forms.Form):
    """A form about somebody who will read mail and pages; where one language is offered only, it asks for none."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=language_choices,
        initial=lambda: current_brand().language,
        help_text=_("Mail and pages come in it; they can change it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(language_choices()) == 1:
            del self.fields["language"]


def other_languages() -> list[tuple[str, str]]:
    """The languages that the organization offers beside its first one."""
    return [(code, name) for code, name in language_choices() if code != current_brand().language]


class OwnTextsMixin(forms.BaseForm):
    """A form with texts that the organization writes in each of its languages: a field's own text is the first one's, and each other language
    that is offered has a field beside it, which may stay empty.
    """

    own_texts: ClassVar[tuple[str, ...]] = ("name",)

    def offer_languages(self, **written: OwnText) -> None:
        """Add the other languages' fields. `written` is what stands there now, by name of field."""
        for code, label in other_languages():
            for name in self.own_texts:
                first = self.fields[name]
                other = copy(first)
                other.required, other.help_text, other.label = False, "", f"{first.label} · {label}"
                other.widget = copy(first.widget)
                other.widget.attrs = {**other.widget.attrs, "lang": code}
                self.fields[f"{name}_{code}"] = other
                self.initial.setdefault(f"{name}_{code}", written[name].others.get(code, "") if name in written else "")

    def in_other_languages(self) -> list[forms.BoundField]:
        """The other languages' fields, for a group of their own."""
        return [self[f"{name}_{code}"] for code, _label in other_languages() for name in self.own_texts]

    def own_text(self, name: str, before: OwnText | None = None) -> OwnText:
        """What was sent. A language that is not offered now keeps what it had, unless the first text was changed."""
        sent = {code: self.cleaned_data.get(f"{name}_{code}", "") for code, _label in other_languages()}
        text: str = self.cleaned_data.get(name, "")
        kept = before.others if before is not None and before.text == text.strip() else {}
        others = written_in({**kept, **sent})
        others.pop(current_brand().language, None)
        return OwnText(text, others)

    def first_languages(self) -> list[forms.BoundField]:
        """Every other field."""
        others = {field.name for field in self.in_other_languages()}
        return [field for field in self if field.name not in others]  # type: ignore[attr-defined]

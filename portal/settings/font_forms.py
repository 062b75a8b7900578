"""Fonts in forms: the files of a new one, and the choice among those there are, each written in itself."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from branding.actions.fonts import require_own_fonts
from branding.font_uploads import STYLES, Family, FamilyRefused, read_family
from branding.models import Look
from branding.queries import own_fonts, published_brand
from branding.rules.own_fonts import is_own
from branding.rules.stylesheet import FONTS
from core.kernel.translation import translate
from tenants import entitlements

ACCEPTED = ["woff2", "woff", "ttf", "otf"]


class FontFileField(forms.FileField):
    """One file; it is read when all of them are there."""

    def __init__(self, **more: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ACCEPTED)})
        super().__init__(widget=widget, validators=[FileExtensionValidator(ACCEPTED)], **more)


class FontForm(forms.Form):
    """A font of the organization's own."""

    regular = FontFileField(
        label=_("Regular letters"), help_text=_("WOFF2, WOFF, TTF or OTF, up to 1 MB. A variable font has bold letters in the same file.")
    )  # fmt: skip
    bold = FontFileField(label=_("Bold letters"), required=False)
    italic = FontFileField(label=_("Italic letters"), required=False)
    is_licensed = forms.BooleanField(
        label=_("We may use this font on our pages and in our documents."),
        help_text=_("Its licence says so. Many fonts may be printed, but not be put on web pages."),
    )

    family: Family

    def clean(self) -> dict[str, Any]:
        """Errors: what is wrong with each file, in a sentence."""
        values = super().clean() or {}
        require_own_fonts()
        if self.errors:
            return values
        uploads = {style: values[style] for style in STYLES if values.get(style)}
        try:
            self.family = read_family(uploads, languages=published_brand().languages)
        except FamilyRefused as refused:
            for style, sentence in refused.errors.items():
                self.add_error(style, sentence)
        return values


def font_choices(look: Look) -> list[tuple[str, Any]]:
    """Those on offer, those of the organization, and what the look has, each written in itself."""
    worn, is_allowed = (look.heading_font, look.body_font), entitlements.allows(entitlements.OWN_FONTS)
    offered = [(name, _sample(name, name, translate(manner))) for name, (manner, _fallback) in FONTS.items()]
    own = [
        (font.key, _sample(font.key, font.family, translate("your own")))
        for font in own_fonts().values()
        if font.key in worn or (font.removed_at is None and is_allowed)
    ]
    known = {key for key, _label in own}
    lost = [(key, translate("A font that is gone")) for key in dict.fromkeys(worn) if is_own(key) and key not in known]
    return [*own, *offered, *lost]


def _sample(family: str, name: str, manner: str) -> str:
    return format_html(
        '<span class="font-sample" data-font="{}">{}</span> <span class="small muted">{}</span>', family, name, manner
    )

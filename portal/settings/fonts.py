"""Fonts that the organization brings along: which there are, what each can write, and another one."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branding import actions
from branding.font_files import MOST_BYTES
from branding.models import BrandFont
from branding.queries import draft_of, faces_of_font, locale_of, own_fonts, published_brand
from branding.rules.own_fonts import from_ranges, missing, missing_names
from branding.rules.stylesheet import FONTS, font_faces, font_samples
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView
from portal.settings.font_forms import FontForm
from portal.settings_pages import SettingsFormView, settings_menu
from tenants import entitlements
from tenants.bodies import SIGNED_IN_BYTES

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FontRow:
    """A font with what people want to know of it."""

    font: BrandFont
    styles: str
    coverage: list[str]
    is_used: bool


class FontListView(SettingsFormView):
    """The organization's fonts, and a form for one more."""

    needs = Permission.MANAGE_ORGANIZATION
    edits = False
    body_limit = (
        6 * MOST_BYTES + SIGNED_IN_BYTES
    )  # three files, and as much again, so that the form says which is too large
    template_name = "settings/fonts.html"
    form_class = FontForm
    read: FontForm | None = None  # what was sent, with its files read

    def act(self, **kwargs: Any) -> HttpResponse:
        """Read the files before the transaction begins, because that takes a while."""
        read = FontForm(self.request.POST, self.request.FILES)
        with suppress(DomainError):  # it is said by the form that is made anew
            read.is_valid()
            self.read = read
        return super().act(**kwargs)

    def get_form(self, *posted: Any) -> BaseForm:
        return self.read if posted and self.read is not None else super().get_form(*posted)

    def perform(self, form: FontForm) -> BrandFont:
        return actions.add_font(form.family, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(font)s can be chosen now, for headings and for text.") % {"font": self.result.family}

    def get_success_url(self) -> str:
        return reverse("settings:brand_fonts")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "settings_menu": settings_menu(self.request, at="settings:brand"),
            "rows": [_row(font) for font in own_fonts().values() if font.removed_at is None],
            "may_add": entitlements.allows(entitlements.OWN_FONTS),
            "is_kept": entitlements.keeps(entitlements.OWN_FONTS),
        }


class FontRemovalView(ActionView):
    """Take one out of what can be chosen."""

    needs = Permission.MANAGE_ORGANIZATION
    key: str

    def load(self, key: str, **_rest: Any) -> None:
        if key not in own_fonts():
            raise NotFound
        self.key = key

    def perform(self) -> BrandFont:
        return actions.remove_font(self.key, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(font)s can no longer be chosen. Earlier versions of your look keep it.") % {
            "font": self.result.family
        }

    def get_success_url(self) -> str:
        return reverse("settings:brand_fonts")


class FontSamplesView(SignedInView):
    """What lets each font be written in itself, where one is chosen."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        fonts = own_fonts()
        faces = [face for font in fonts.values() for face in faces_of_font(font)]
        text = font_faces(faces) + font_samples([*FONTS, *fonts])
        return HttpResponse(text, content_type="text/css; charset=utf-8")


def _row(font: BrandFont) -> FontRow:
    looks = [look for look in (published_brand(), draft_of(None)) if look is not None]
    is_used = any(font.key in (look.heading_font, look.body_font) for look in looks)
    return FontRow(font, _styles(font), _coverage(font), is_used)


def _styles(font: BrandFont) -> str:
    if font.weights:
        start, _space, end = font.weights.partition(" ")
        upright = _("Every weight from %(start)s to %(end)s") % {"start": start, "end": end}
    else:
        upright = _("Regular and bold") if font.bold else _("Regular; bold letters are thickened by the browser")
    return f"{upright}, {_('italic')}" if font.italic else upright


def _coverage(font: BrandFont) -> list[str]:
    """What it cannot write, in sentences: languages of the organization, then names."""
    letters, names = from_ranges(font.letters), locale_of(get_language() or "en").languages
    said = [
        _("%(language)s: %(letters)s come from the font behind it.")
        % {"language": names.get(code, code), "letters": _few(lacking)}
        for code in published_brand().languages
        if (lacking := missing(code, letters))
    ]
    if not said:
        said = [_("Writes all of your languages.")]
    if lacking := missing_names(letters):
        said.append(_("In names, %(letters)s come from the font behind it.") % {"letters": _few(lacking)})
    return said


def _few(letters: str) -> str:
    shown = " ".join(letters[:_SHOWN])
    return f"{shown} …" if len(letters) > _SHOWN else shown

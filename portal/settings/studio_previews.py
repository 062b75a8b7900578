"""What becomes of a look while it is typed: samples, its stylesheet, and how well everything can be read. Nothing is saved."""

from contextlib import suppress
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from branding.actions.looks import put_on
from branding.models import GROUNDS, BrandDraft, Look
from branding.queries import draft_to_edit, facts_of, own_css_of, stylesheet_of
from branding.rules.own_css import read_css
from branding.rules.palette import derive_palette
from core.kernel.errors import DomainError
from core.people.roles import Permission
from portal.access import SignedInView
from portal.look_samples import NAMES, sample_page
from portal.settings.studio import version_numbered
from portal.settings.studio_forms import LookForm, typed_css
from portal.settings.studio_presenters import readability

TYPED = (
    "name",
    "tagline",
    "primary_color",
    "accent_color",
    "neutral",
    "radius",
    "heading_font",
    "body_font",
    "sign_in_text",
    "waiting_text",
    "own_css",
    *GROUNDS,
)

SHADES = (*TYPED[2:8], *GROUNDS)  # of which the stylesheet is made


class SampleView(SignedInView):
    """One sample of the draft, with what was typed since; of an earlier version where `version` asks for one."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest, sample: str) -> HttpResponse:
        if sample not in NAMES:
            raise Http404
        if "version" in request.GET:
            version = version_numbered(request.GET["version"], None)
            if version is None:
                raise Http404
            return sample_page(request, sample, version)
        look = look_as_typed(request.GET)
        facts = {name: getattr(look, name) for name in SHADES}
        address = f"{reverse('settings:brand_stylesheet')}?{urlencode(facts)}"
        own = f"{reverse('settings:brand_own_css')}?{urlencode({'own_css': look.own_css})}"
        return sample_page(request, sample, look, stylesheet_url=address, own_css_url=own)


class StylesheetView(SignedInView):
    """The stylesheet of what was typed."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        text = stylesheet_of(look_as_typed(request.GET))
        return HttpResponse(text, content_type="text/css; charset=utf-8")


class OwnCssView(SignedInView):
    """The organization's own stylesheet as it was typed (GET); what of it is understood, as a part of the page for a script (POST)."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(own_css_of(look_as_typed(request.GET)), content_type="text/css; charset=utf-8")

    def post(self, request: HttpRequest) -> HttpResponse:
        return render(
            request, "settings/_own_css.html", {"own_css": read_css(typed_css(request.POST.get("own_css", "")))}
        )


class ReadabilityView(SignedInView):
    """How well everything can be read with what stands in the form: a part of the page for a script."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("settings:brand")

    def post(self, request: HttpRequest) -> HttpResponse:
        found = readability(derive_palette(facts_of(look_as_typed(request.POST))))
        return render(request, "settings/_readability.html", found)


def look_as_typed(typed: QueryDict) -> Look:
    """The draft with what was typed, as far as it can be used."""
    look = draft_to_edit(None)
    standing = {name: getattr(look, name) for name in TYPED}
    worn = BrandDraft(heading_font=look.heading_font, body_font=look.body_font)
    known = {**standing, **{name: typed[name] for name in TYPED if name in typed}}
    for name in GROUNDS:  # of which an address without its box tells by itself
        box = name.replace("_color", "_plain")
        known[box] = typed.get(box, "on" if known[name] else "")
    form = LookForm(known, instance=worn)
    form.is_valid()
    digest = look.digest
    usable = form.look
    for name in TYPED:
        if name in usable:
            with suppress(DomainError):  # what the plan has not is shown as it is without
                put_on(look, {name: usable[name]})
    look.digest = digest  # so that pictures are found where they are kept
    return look

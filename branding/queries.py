"""Reading the brand in force: kept on the organization object, which the host cache holds and drops."""

import copy
import functools
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.core import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language

from branding.models import (
    BACKGROUNDS,
    GROUNDS,
    Branch,
    BranchDraft,
    BranchFacts,
    BranchVersion,
    Brand,
    BrandDraft,
    BrandFont,
    BrandVersion,
    Look,
)
from branding.rules.nouns import Noun
from branding.rules.own_css import read_css
from branding.rules.own_fonts import is_own
from branding.rules.own_nouns import is_usable
from branding.rules.palette import BrandFacts, Palette, derive_palette
from branding.rules.picture_shade import plain_ground
from branding.rules.stylesheet import Background, FontFace, brand_stylesheet
from branding.rules.vocabulary import Vocabulary, language_of_words
from core.kernel.errors import NotFound
from tenants import entitlements
from tenants.absolute_urls import path_of
from tenants.context import branch_context, current, current_organization

_tried: ContextVar[Vocabulary | None] = ContextVar("words_tried", default=None)
_look: ContextVar[Brand | None] = ContextVar("look_tried", default=None)


def current_brand() -> Brand:
    """Return the brand in force: of the organization, with what the branch in force has otherwise. No query while the organization is in the
    host cache.
    """
    if (tried := _look.get()) is not None:
        return tried
    branch = branch_in_force()
    return published_brand() if branch is None else brand_of(branch)


def published_brand() -> Brand:
    """The organization's own brand as it is published, whatever look is tried on just now, and whatever branch is in force."""
    kept = current_organization().__dict__
    if "_brand" not in kept:
        kept["_brand"] = Brand.objects.get(is_current=True)
    return kept["_brand"]


def branches() -> dict[UUID, Branch]:
    """Every branch, by its id, in their order; asked of the database once per organization object."""
    kept = current_organization().__dict__
    if "_branches" not in kept:
        kept["_branches"] = {branch.pk: branch for branch in Branch.objects.all()}
    return kept["_branches"]


def active_branches() -> dict[UUID, Branch]:
    """Those that are met: none where the plan has no branches any more."""
    if not entitlements.keeps(entitlements.BRANCHES):
        return {}
    return {key: branch for key, branch in branches().items() if branch.is_active}


def branch_in_force() -> Branch | None:
    """The branch for which the present code runs; None: for the organization itself."""
    key = current().branch
    return None if key is None else active_branches().get(key)


def brand_of(branch: Branch) -> Brand:
    """The published brand as it is met at this branch; made once per organization object."""
    kept = current_organization().__dict__.setdefault("_branded", {})
    if branch.pk not in kept:
        kept[branch.pk] = branded(branch)
    return kept[branch.pk]


@contextmanager
def as_issued(branch: UUID | None) -> Iterator[None]:
    """Run the block in the look of the branch that has issued a paper; None: in that of the organization.

    Also where nobody is met at it any more: its name stands on the paper for good, and no other logo belongs to it.
    """
    known = branches().get(branch) if branch is not None else None
    with branch_context(known.pk if known else None):
        if known is None or known.pk in active_branches():
            yield
            return
        token = _look.set(brand_of(known))
        try:
            yield
        finally:
            _look.reset(token)


def branded(branch: BranchFacts) -> Brand:
    """The same, of a branch as it stands in memory, or of its draft or an earlier version."""
    brand = branch.put_over(published_brand())
    brand.digest = branch.key + digest_of(brand)[: 16 - len(branch.key)]
    return brand


def own_fonts() -> dict[str, BrandFont]:
    """Every font that was uploaded and is kept, by its key; asked of the database once per organization object."""
    kept = current_organization().__dict__
    if "_fonts" not in kept:
        kept["_fonts"] = {font.key: font for font in BrandFont.objects.all()}
    return kept["_fonts"]


def font_in_force(font: str, *, instead: str) -> str:
    """The font, but `instead` where it is an uploaded one that is gone, or no part of the plan any more."""
    if not is_own(font):
        return font
    return font if entitlements.keeps(entitlements.OWN_FONTS) and font in own_fonts() else instead


def wears_what_it_may(look: Look) -> bool:
    """Whether nothing of the look is replaced because the plan has changed."""
    facts = facts_of(look)
    fonts_are_worn = (facts.heading_font, facts.body_font) == (look.heading_font, look.body_font)
    return fonts_are_worn and len(backgrounds_of(look)) == len(_grounds(look))


def faces_of(facts: BrandFacts) -> list[FontFace]:
    """The files of the uploaded fonts that are worn."""
    keys = dict.fromkeys(font for font in (facts.heading_font, facts.body_font) if is_own(font))
    return [face for key in keys for face in faces_of_font(own_fonts()[key])]


def faces_of_font(font: BrandFont) -> list[FontFace]:
    """The files of one of them, with their addresses, which never change."""
    every = (("regular", font.weights), ("bold", "700"), ("italic", font.italic_weights))
    return [
        FontFace(
            font.key,
            "italic" if style == "italic" else "normal",
            weights or "400",
            path_of("brand:font", font.key, style),
        )
        for style, weights in every
        if getattr(font, style)
    ]


def stylesheet_of(look: Look) -> str:
    """The text of the look's brand.css."""
    facts = facts_of(look)
    return brand_stylesheet(facts, faces_of(facts), backgrounds_of(look))


def backgrounds_of(look: Look) -> list[Background]:
    """What is behind the waiting room and behind those who meet; nothing when it is no part of the plan any more."""
    worn = _grounds(look)
    if not worn or not entitlements.keeps(entitlements.OWN_BACKGROUNDS):
        return []
    return [
        Background(name, f"{path_of('brand:background', name)}?v={look.digest}", getattr(look, f"{name}_shade"))
        if getattr(look, f"{name}_picture")
        else Background(name, colour=plain_ground(getattr(look, f"{name}_color")))
        for name in worn
    ]


def _grounds(look: Look) -> list[str]:
    """Behind which parts of the live room there is a picture or a colour of its own."""
    return [
        picture.removesuffix("_picture")
        for picture, colour in zip(BACKGROUNDS, GROUNDS, strict=True)
        if getattr(look, picture) or getattr(look, colour)
    ]


def own_css_of(look: Look) -> str:
    """The organization's own stylesheet as it is served; empty when there is none, or it is no part of the plan any more."""
    if not look.own_css or not entitlements.keeps(entitlements.OWN_CSS):
        return ""
    return read_css(look.own_css).sheet


def read_again() -> Brand:
    """The published brand as it is stored now: for what is kept, in a process that may not have heard of the last change yet."""
    for remembered in ("_brand", "_palette", "_fonts", "_branches", "_branded"):
        current_organization().__dict__.pop(remembered, None)
    return published_brand()


def facts_of(brand: Look) -> BrandFacts:
    """The few facts from which the palette derives."""
    return BrandFacts(
        primary=brand.primary_color,
        accent=brand.accent_color or None,
        neutral=brand.neutral,  # type: ignore[arg-type]  # one of the choices, checked when written
        heading_font=font_in_force(brand.heading_font, instead="Figtree"),
        body_font=font_in_force(brand.body_font, instead="Inter"),
        radius=brand.radius,  # type: ignore[arg-type]
    )


def palette() -> Palette:
    """The palette in force, derived once per organization object."""
    if _look.get() is not None or current().branch is not None:
        return derive_palette(facts_of(current_brand()))
    kept = current_organization().__dict__
    if "_palette" not in kept:
        kept["_palette"] = derive_palette(facts_of(current_brand()))
    return kept["_palette"]


@contextmanager
def look_tried(look: Look) -> Iterator[None]:
    """Let pages, mails and documents that are written inside look like this: for a preview. Never around what is kept or sent."""
    brand = copy.copy(look if isinstance(look, Brand) else published_brand())
    brand.wear(look)
    token = _look.set(brand)
    try:
        yield
    finally:
        _look.reset(token)


def look_of_digest(digest: str) -> Look | None:
    """The look whose addresses carry this digest: the one in force without a query, else a branch's, the draft or an earlier version.

    An address that a branch had earlier shows the branch as it is now: never the organization.
    """
    brand = current_brand()
    if digest == brand.digest:
        return brand
    if not digest:
        return None
    for branch in branches().values():
        if digest.startswith(branch.key):
            return brand_of(branch)
    for kept in (BranchDraft, BranchVersion):
        found: BranchFacts | None = kept.objects.filter(pk__endswith=digest[:8]).first() if len(digest) == 16 else None
        if found is not None:
            return branded(found)
    return BrandDraft.objects.filter(digest=digest).first() or BrandVersion.objects.filter(digest=digest).first()


def find_branch(pk: UUID | str) -> Branch:
    """One branch of the organization. NotFound for any other id."""
    try:
        found = Branch.objects.filter(pk=pk).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise NotFound(f"branch {pk}")
    return found


def draft_of(branch: Branch | None) -> BrandDraft | BranchDraft | None:
    """What is tried out for this branch, or for the organization's own look, if there is anything."""
    return BrandDraft.objects.first() if branch is None else BranchDraft.objects.filter(branch=branch).first()


def draft_to_edit(branch: Branch | None) -> BrandDraft | BranchDraft:
    """The same; a new one, not saved, from what is published, where there is none."""
    return draft_of(branch) or begun_draft(branch or published_brand())


def begun_draft(published: Brand | Branch) -> BrandDraft | BranchDraft:
    """A draft, not saved, in which nothing differs yet."""
    draft = BranchDraft(branch=published) if isinstance(published, Branch) else BrandDraft()
    draft.wear(published)
    return draft


def versions_of(branch: Branch | None) -> QuerySet[Any]:
    """What was published of it, the newest first."""
    return BrandVersion.objects.all() if branch is None else BranchVersion.objects.filter(branch=branch)


def shared_draft(key: str, *, now: datetime) -> BrandDraft | BranchDraft | None:
    """The draft that the link with this key shows; None for a link that is forged, ended or too old."""
    for kept in (BrandDraft, BranchDraft) if key else ():
        found: BrandDraft | BranchDraft | None = kept.objects.filter(share_key=key, share_until__gt=now).first()
        if found is not None:
            return found
    return None


def digest_of(brand: Look) -> str:
    """A short digest of everything that brand.css and the logo are made of: the version in their addresses."""
    made_of = brand_stylesheet(facts_of(brand)) + brand.name + str(brand.logo) + str(brand.logo_dark) + str(brand.icon)
    more = ("sign_in_picture", *BACKGROUNDS, *GROUNDS, "own_css", "heading_font", "body_font")
    made_of += "".join(str(getattr(brand, field)) for field in more)
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def offered_language(wanted: str) -> str:
    """`wanted` where the organization offers it, else the language it names first."""
    offered = current_brand().languages or ["en"]
    return wanted if wanted in offered else offered[0]


def locale_of(language: str) -> Locale:
    """How `language` is written in the organization's country; English outside the United States puts the day before the month."""
    return _locale(language or "en", current_brand().country if current().organization is not None else None)


@functools.lru_cache(maxsize=500)
def _locale(language: str, country: str | None) -> Locale:
    try:
        plain = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):  # because a profile may hold a language that nobody writes
        plain = Locale.parse("en")
    if plain.territory or country is None:
        return plain
    for territory in (country, "GB" if plain.language == "en" else ""):
        try:
            written = Locale.parse(f"{plain.language}_{territory}")
        except (UnknownLocaleError, ValueError):
            continue
        if written.territory == territory:  # because a territory that is none is read as the language's largest
            return written
    return plain


def first_day_of_week() -> int:
    """On which day a week begins in the organization's country (CLDR), whatever language the reader has; Monday is 0."""
    try:
        return Locale.parse(f"und_{current_brand().country}").first_week_day
    except (UnknownLocaleError, ValueError):  # because a few territories have no custom of their own
        return 0


def vocabulary(language: str) -> Vocabulary:
    """The organization's words in `language`: its preset, with single words replaced; made once per brand as it stands.

    Of the published brand, because no look and no branch has words of its own; and because a palette tells of itself in them.
    """
    brand = published_brand()
    kept = brand.__dict__.setdefault("_vocabularies", {})
    key = (language, brand.vocabulary, brand.changed_at)
    if key not in kept:
        kept[key] = Vocabulary(brand.vocabulary, language, own_nouns_of(brand, language_of_words(language)))
    return kept[key]


def own_nouns_of(brand: Brand, language: str) -> dict[str, Noun]:
    """The nouns that the organization has given itself in one language of words; one that cannot stand in a sentence counts as none."""
    own: dict[str, Any] = brand.words.get(language, {})
    nouns = {key: Noun(**word) for key, word in own.items()}
    return {key: noun for key, noun in nouns.items() if is_usable(noun, language)}


def term(key: str, *, plural: bool = False) -> str:
    """The organization's noun, in the language in force."""
    return vocabulary(get_language() or "en").get(key, plural=plural)


def words_in_force(language: str) -> Vocabulary:
    """The words of the organization in force; the neutral ones where there is none, or none that has a brand yet."""
    tried = _tried.get()
    if tried is not None and tried.language == language:
        return tried
    organization = current().organization
    if organization is None or ("_brand" not in organization.__dict__ and not Brand.objects.exists()):
        return Vocabulary(language=language)
    return vocabulary(language)


@contextmanager
def words_tried(words: Vocabulary) -> Iterator[None]:
    """Let sentences of this language have these words instead of those in force: for a preview."""
    before = _tried.set(words)
    try:
        yield
    finally:
        _tried.reset(before)

"""What every act on a look does: put facts on, keep what was published, and let go of pictures that nobody shows any more."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from branding.images import ground_of, shade_of
from branding.models import (
    BACKGROUNDS,
    GROUNDS,
    Appearance,
    Branch,
    BranchDraft,
    BranchVersion,
    Brand,
    BrandDraft,
    BrandVersion,
    Look,
)
from branding.outbox_names import RENEW_PROXY_PAGES
from branding.queries import digest_of, own_fonts, versions_of
from branding.rules.contrast import parse_hex
from branding.rules.own_css import read_css
from branding.rules.own_fonts import is_own
from core.kernel import outbox
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from tenants import context, entitlements, hosts

KEPT = 50  # versions of each, the one in force among them


def put_on(look: Look, wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Change facts of a look or a brand, and what follows from them; not saved. Returns the changes.

    Errors: `color_invalid`, `css_invalid`, and for fonts and stylesheets of one's own `not_in_plan`, `font_unknown`.
    """
    changes = {}
    for field, value in wanted.items():
        if getattr(look, field) != value:
            if field in ("heading_font", "body_font") and is_own(value):
                _check_font(field, value)
            if field in (*BACKGROUNDS, *GROUNDS) and value:
                entitlements.require(
                    entitlements.OWN_BACKGROUNDS, translate("Backgrounds of your own need another plan."), field=field
                )
            if field in GROUNDS and value:
                _check_color(field, value)
            if field == "own_css" and value:
                _check_css(value)
            changes[field] = [told(getattr(look, field)), told(value)]
            setattr(look, field, value)
    for field in {"logo", "logo_dark"} & changes.keys():
        setattr(look, f"{field}_ground", ground_of(getattr(look, field)))
    for field in set(BACKGROUNDS) & changes.keys():
        setattr(look, field.replace("_picture", "_shade"), shade_of(getattr(look, field)))
    try:
        look.digest = digest_of(look)
    except ValueError as error:
        raise DomainError("color_invalid", translate("This cannot be used: %(error)s.", error=error)) from error
    return changes


def told(value: Any) -> str:
    """A fact as the audit keeps it: of a long one its beginning."""
    text = str(value)
    return f"{text[:200]} …" if len(text) > 200 else text


def _check_color(field: str, value: str) -> None:
    try:
        parse_hex(value)
    except ValueError as error:
        raise DomainError(
            "color_invalid", translate("This cannot be used: %(error)s.", error=error), field=field
        ) from error


def _check_css(text: str) -> None:
    entitlements.require(entitlements.OWN_CSS, translate("A stylesheet of your own needs another plan."))
    if problems := read_css(text).problems:
        raise DomainError("css_invalid", problems[0].sentence, field="own_css")


def _check_font(field: str, key: str) -> None:
    entitlements.require(entitlements.OWN_FONTS, translate("Fonts of your own need another plan."))
    font = own_fonts().get(key)
    if font is None or font.removed_at is not None:
        raise DomainError(
            "font_unknown", translate("This font is not there any more. Choose another one."), field=field
        )


def hold_brand() -> Brand:
    """The brand, held until the end of the transaction: whatever is done with looks waits for one another here."""
    return Brand.objects.select_for_update().get(is_current=True)


def hold(branch: Branch | None) -> Brand | Branch:
    """The same, and the branch as it is now, where there is one. NotFound for one that was deleted meanwhile."""
    brand = hold_brand()
    if branch is None:
        return brand
    try:
        branch.refresh_from_db()
    except Branch.DoesNotExist as error:
        raise NotFound from error
    return branch


def note_version(
    published: Brand | Branch, *, author: Any, now: datetime, restores: int | None = None
) -> BrandVersion | BranchVersion:
    """Keep the look as it is published now; the oldest versions go when there are too many."""
    branch = published if isinstance(published, Branch) else None
    newest = versions_of(branch).first()
    version = BrandVersion() if branch is None else BranchVersion(branch=branch)
    version.number, version.restores = newest.number + 1 if newest else 1, restores
    version.author_id, version.author_name = str(getattr(author, "pk", None) or ""), str(author or "")[:150]
    version.published_at = now
    version.wear(published)
    version.save(force_insert=True)
    for old in versions_of(branch).filter(number__lte=version.number - KEPT):
        names = pictures_of(old)
        old.delete()
        forget_pictures(names)
    return version


def announce() -> None:
    """Let everybody see the brand as it is once this is committed, and whoever asks in the same transaction at once; the proxy has its pages
    anew.
    """
    for remembered in ("_branches", "_branded"):
        context.current_organization().__dict__.pop(remembered, None)
    transaction.on_commit(hosts.forget_all)
    outbox.enqueue(RENEW_PROXY_PAGES)


def pictures_of(look: Appearance) -> set[str]:
    """The stored names of its pictures."""
    return {getattr(look, field).name for field in look.FILES if getattr(look, field)}


def forget_pictures(names: Collection[str]) -> None:
    """Once this is committed, delete those of these pictures that no look has any more."""
    if names:
        transaction.on_commit(partial(_delete_unused, frozenset(names), context.current()))


def _delete_unused(names: frozenset[str], organization: context.State) -> None:
    """The commit may come where no organization is in force any more: when one is made, or brought live by a file."""
    with context.entered(organization):
        for name in names:
            if not any(_shows(model, name) for model in WITH_PICTURES):
                default_storage.delete(name)


WITH_PICTURES: tuple[type[Appearance], ...] = (Brand, BrandDraft, BrandVersion, Branch, BranchDraft, BranchVersion)


def _shows(model: type[Appearance], name: str) -> bool:
    return model._default_manager.filter(Q(*((field, name) for field in model.FILES), _connector=Q.OR)).exists()

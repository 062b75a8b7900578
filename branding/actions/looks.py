"""What every act on a look does: put facts on, keep what was published, and let go of pictures that nobody shows any more."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q

from branding.images import ground_of, shade_of
from branding.models import (
    BACKGROUNDS,
    BRANCH_PICTURES,
    GROUNDS,
    PICTURES,
    Branch,
    Brand,
    BrandDraft,
    BrandVersion,
    Look,
)
from branding.outbox_names import RENEW_PROXY_PAGES
from branding.queries import digest_of, own_fonts
from branding.rules.contrast import parse_hex
from branding.rules.own_css import read_css
from branding.rules.own_fonts import is_own
from core.kernel import outbox
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from tenants import context, entitlements, hosts

KEPT = 50  # versions, the one in force among them


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


def note_version(brand: Brand, *, author: Any, now: datetime, restores: int | None = None) -> BrandVersion:
    """Keep the look as it is published now; the oldest versions go when there are too many."""
    newest = BrandVersion.objects.first()
    version = BrandVersion(
        number=newest.number + 1 if newest else 1,
        restores=restores,
        author_id=str(getattr(author, "pk", None) or ""),
        author_name=str(author or "")[:150],
        published_at=now,
    )
    version.wear(brand)
    version.save(force_insert=True)
    for old in BrandVersion.objects.filter(number__lte=version.number - KEPT):
        names = pictures_of(old)
        old.delete()
        forget_pictures(names)
    return version


def announce() -> None:
    """Let every process see the brand as it is once this is committed, and the proxy have its pages anew."""
    transaction.on_commit(hosts.forget_all)
    outbox.enqueue(RENEW_PROXY_PAGES)


def pictures_of(look: Look | Branch) -> set[str]:
    """The stored names of its pictures."""
    fields = BRANCH_PICTURES if isinstance(look, Branch) else PICTURES
    return {getattr(look, field).name for field in fields if getattr(look, field)}


def forget_pictures(names: Collection[str]) -> None:
    """Once this is committed, delete those of these pictures that no look has any more."""
    if names:
        transaction.on_commit(partial(_delete_unused, frozenset(names), context.current()))


def _delete_unused(names: frozenset[str], organization: context.State) -> None:
    """The commit may come where no organization is in force any more: when one is made, or brought live by a file."""
    with context.entered(organization):
        for name in names:
            if not any(_shows(model, fields, name) for model, fields in _SHOWING):
                default_storage.delete(name)


_SHOWING: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Brand, PICTURES),
    (BrandDraft, PICTURES),
    (BrandVersion, PICTURES),
    (Branch, BRANCH_PICTURES),
)


def _shows(model: type[Model], fields: tuple[str, ...], name: str) -> bool:
    return model._default_manager.filter(Q(*((field, name) for field in fields), _connector=Q.OR)).exists()

"""Fonts that an organization brings along: added, and taken out of what can be chosen. Which one is worn, a look says."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from branding.actions.looks import hold_brand
from branding.audit_codes import BrandingAudit
from branding.font_uploads import Family
from branding.models import Brand, BrandDraft, BrandFont, BrandVersion
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.ids import new_id
from core.kernel.translation import translate
from tenants import entitlements, hosts
from tenants.context import current_organization

MOST = 12


def require_own_fonts() -> None:
    """Raise `not_in_plan` unless the organization may bring fonts along."""
    entitlements.require(entitlements.OWN_FONTS, translate("Fonts of your own need another plan."))


@transaction.atomic
def add_font(family: Family, *, by: Any, now: datetime) -> BrandFont:
    """Keep a font, so that looks can have it; the same files again are the same font. Errors: `not_in_plan`, `fonts_full`."""
    require_own_fonts()
    hold_brand()
    known = BrandFont.objects.filter(removed_at=None)
    if same := known.filter(source=family.source).first():
        return same
    if known.count() >= MOST:
        sentence = translate("There are %(most)s fonts already. Remove one that you do not use.", most=MOST)
        raise DomainError("fonts_full", sentence)
    regular, italic = family.files["regular"], family.files.get("italic")
    font = BrandFont(
        key=family.key, family=regular.family[:80] or translate("Font without a name"), licence=regular.licence, letters=regular.letters,
        weights=regular.weights, italic_weights=italic.weights if italic else "", source=family.source,
        author_id=str(by.pk or ""), author_name=str(by)[:150], added_at=now,
    )  # fmt: skip
    for style, file in family.files.items():
        getattr(font, style).save(f"{new_id().hex}.woff2", ContentFile(file.web), save=False)
    paper = regular.paper | (family.files["bold"].paper if "bold" in family.files else {})
    for style, content in paper.items():
        field = font.paper_regular if style == "Regular" else font.paper_bold
        field.save(f"{new_id().hex}.ttf", ContentFile(content), save=False)
    font.save()
    audit.record(BrandingAudit.BRAND_FONT_ADDED, by=by, subject=font, changes={"font": ["", font.family]})
    _forget()
    return font


@transaction.atomic
def remove_font(key: str, *, by: Any, now: datetime) -> BrandFont:
    """Nobody can choose it any more. Its files stay as long as a version has it. Errors: NotFound, `font_used`."""
    hold_brand()
    font = BrandFont.objects.filter(key=key, removed_at=None).first()
    if font is None:
        raise NotFound
    worn = Q(heading_font=key) | Q(body_font=key)
    if Brand.objects.filter(worn).exists() or BrandDraft.objects.filter(worn).exists():
        sentence = translate("%(font)s is in use. Choose another font first, and publish that.", font=font.family)
        raise ConflictError("font_used", sentence)
    font.removed_at = now
    font.save(update_fields=["removed_at"])
    audit.record(BrandingAudit.BRAND_FONT_REMOVED, by=by, subject=font, changes={"font": [font.family, ""]})
    _forget()
    return font


def is_worn(font: BrandFont) -> bool:
    """Whether any look, published, drafted or earlier, has it."""
    worn = Q(heading_font=font.key) | Q(body_font=font.key)
    return any(model.objects.filter(worn).exists() for model in (Brand, BrandDraft, BrandVersion))


def _forget() -> None:
    current_organization().__dict__.pop("_fonts", None)
    transaction.on_commit(hosts.forget_all)

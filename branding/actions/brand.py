"""Writing the brand."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import translation

from branding.actions.looks import announce, forget_pictures, note_version, pictures_of, put_on
from branding.audit_codes import BrandingAudit
from branding.blueprints import BLUEPRINTS
from branding.models import LOOK, Brand
from branding.own_nouns import as_told, check_noun
from branding.queries import digest_of
from branding.rules.nouns import PRESETS, Noun
from branding.rules.vocabulary import keys
from core.kernel import audit, clock
from core.kernel.errors import DomainError
from core.kernel.translation import translate

CHANGEABLE = (
    *LOOK, "vocabulary", "words", "languages", "time_zone", "currency", "country", "sender_name", "reply_to", "address", "phone",
    "tax_number", "names_in_mail",
)  # fmt: skip


def create_brand(
    *, name: str, blueprint: str, time_zone: str, currency: str, country: str, languages: list[str]
) -> Brand:
    """Put the first brand of a new organization into its schema. Error `blueprint_unknown`."""
    start = BLUEPRINTS.get(blueprint)
    if start is None:
        raise DomainError(
            "blueprint_unknown",
            translate(
                "There is no blueprint “%(blueprint)s”. Known: %(known)s.",
                blueprint=blueprint,
                known=", ".join(BLUEPRINTS),
            ),
            field="blueprint",
        )
    with translation.override(languages[0] if languages else "en"):
        tagline = translate(start.tagline)
    brand = Brand(
        name=name, tagline=tagline, primary_color=start.primary_color, accent_color=start.accent_color, neutral=start.neutral,
        radius=start.radius, heading_font=start.heading_font, body_font=start.body_font, vocabulary=start.vocabulary,
        languages=languages, time_zone=time_zone, currency=currency, country=country, changed_at=clock.now(),
        names_in_mail=start.names_in_mail, own_css="",
    )  # fmt: skip
    brand.digest = digest_of(brand)
    brand.save()
    note_version(brand, author=None, now=brand.changed_at)
    return brand


@transaction.atomic
def change_brand(brand: Brand, *, by: Any, **wanted: Any) -> Brand:
    """Change facts of the brand at once; a change of its look is a version of its own. Error `color_invalid` for what is no colour."""
    if unknown := wanted.keys() - set(CHANGEABLE):
        raise TypeError(f"{', '.join(unknown)}: no facts of a brand")
    before = pictures_of(brand)
    changes = put_on(brand, wanted)
    brand.changed_at = clock.now()
    brand.save()
    if changes.keys() & set(LOOK):
        note_version(brand, author=by, now=brand.changed_at)
    audit.record(BrandingAudit.BRAND_CHANGED, by=by, subject=brand, changes=changes)
    announce()
    forget_pictures(before)
    return brand


@transaction.atomic
def change_words(*, preset: str, language: str, nouns: Mapping[str, Noun], by: Any) -> Brand:
    """Choose the set of words, and which nouns of one language are the organization's own; every other one is the set's again.

    Errors: `preset_unknown`, and at the field of the noun `word_half`, `word_long`, `word_marks`, `word_unseen`.
    """
    if preset not in PRESETS:
        raise DomainError("preset_unknown", translate("Choose one of the sets of words."), field="vocabulary")
    for key, noun in nouns.items():
        check_noun(key, noun)
    brand = Brand.objects.select_for_update().get(is_current=True)
    before: dict[str, Any] = brand.words.get(language, {})
    now = {key: asdict(nouns[key]) for key in keys() if key in nouns}
    changes = {
        f"singular_{key}": [as_told(before.get(key)), as_told(now.get(key))]
        for key in keys()
        if before.get(key) != now.get(key)
    }
    if brand.vocabulary != preset:
        changes["vocabulary"] = [brand.vocabulary, preset]
    if not changes:
        return brand
    brand.vocabulary, brand.words, brand.changed_at = preset, {**brand.words, language: now}, clock.now()
    brand.save(update_fields=["vocabulary", "words", "changed_at"])
    audit.record(BrandingAudit.BRAND_WORDS_CHANGED, by=by, subject=brand, changes=changes)
    announce()
    return brand

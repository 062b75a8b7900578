"""Writing cards, releasing them, and whether a release is needed at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.kernel.unseen import one_line
from core.pages.actions import drop_picture
from core.people.actions.changes import require, write_changes
from core.people.models import StaffMember
from core.team import notifications
from core.team.audit_codes import TeamAudit
from core.team.models import ABOUT, CardReview, FormerSlug, PublicCard
from core.team.permissions import can_release_cards, can_write_card
from core.team.queries import is_photo, needs_review, photos_of

_PRIVATE = ("texts", "titles")


@transaction.atomic
def write_card(
    *, staff: StaffMember, by: Any, now: datetime, path: str, name: str, slug: str = "", titles: Mapping[str, str], languages: list[str],
    services: list[str], photo: str, texts: Mapping[str, str], is_wanted: bool,
) -> PublicCard:  # fmt: skip
    """Write a card. Readers see it at once where whoever writes may release it or nobody needs to; else it waits, and those are told.

    Hiding needs nobody. `path`: where a notice leads. Errors `name_missing`, `address_taken`.
    """
    require(can_write_card(by, staff))
    held = StaffMember.objects.select_for_update().get(pk=staff.pk)
    card = PublicCard.objects.filter(staff=held).first()
    is_new = card is None
    card = card or PublicCard(staff=held, changed_at=now, slug="", name="")
    was_wanted, before = card.is_wanted, photos_of(card)
    name = one_line(name)[:150]
    if not name:
        raise DomainError("name_missing", translate("This field is required."), field="name")
    wanted = {
        "name": name,
        "slug": _free_slug(slug or card.slug or name, card),
        "titles": {language: kept for language, text in titles.items() if (kept := one_line(text)[:100])},
        "texts": {language: kept for language, text in texts.items() if (kept := text.strip()[:ABOUT])},
        "languages": languages, "services": services, "photo": photo, "is_wanted": is_wanted,
    }  # fmt: skip
    if is_new:
        for field, value in wanted.items():
            setattr(card, field, value)
        _save_new(card)
        changes = {"name": [None, name], "is_wanted": [None, is_wanted]}
    else:
        changes = write_changes(card, wanted, private=_PRIVATE)
    if changes:
        card.changed_at = now
        card.save(update_fields=["changed_at"])
        audit.record(TeamAudit.CARD_WRITTEN, by=by, subject=card, changes=changes)
    if was_wanted and not is_wanted:
        audit.record(TeamAudit.CARD_HIDDEN, by=by, subject=card)
    elif is_wanted and not card.is_current:
        if can_release_cards(by) or not needs_review():
            _release(card, by=by, now=now)
        elif changes:
            notifications.card_waits(card, path=path)
    _drop_photos(before, by=by)
    return card


@transaction.atomic
def release_card(*, staff: StaffMember, by: Any, now: datetime, seen: str) -> None:
    """Let readers see what a card says now. `seen`: the `changed_at` of what somebody looked at. Errors `nothing_to_release`, `card_changed`."""
    require(can_release_cards(by))
    card = PublicCard.objects.select_for_update().filter(staff=staff).first()
    if card is None or not card.is_wanted:
        raise DomainError("nothing_to_release", translate("There is no card that wants to be on the website."))
    if seen != card.changed_at.isoformat():
        raise ConflictError(
            "card_changed", translate("The card has changed meanwhile. Look at it as it is now, then decide.")
        )
    if not card.is_current:
        _release(card, by=by, now=now)


@transaction.atomic
def change_review(*, is_needed: bool, by: Any) -> None:
    """Decide whether somebody else looks at cards first. What waits goes on waiting."""
    require(can_release_cards(by))
    row, _is_new = CardReview.objects.select_for_update().get_or_create(is_current=True)
    if changes := write_changes(row, {"is_needed": is_needed}):
        audit.record(TeamAudit.CARD_REVIEW_CHANGED, by=by, changes=changes)


def _release(card: PublicCard, *, by: Any, now: datetime) -> None:
    former, before = card.released["slug"] if card.released else "", photos_of(card)
    card.released, card.released_at, card.released_by = card.content(), now, str(by)[:200]
    card.save(update_fields=["released", "released_at", "released_by"])
    FormerSlug.objects.filter(slug=card.slug).delete()
    if former and former != card.slug:
        FormerSlug.objects.update_or_create(slug=former, defaults={"card": card})
    audit.record(TeamAudit.CARD_RELEASED, by=by, subject=card)
    _drop_photos(before, by=by)


def _drop_photos(photos: set[str], *, by: Any) -> None:
    """Delete those of these photos that no card has any more: nobody is to find them at their address."""
    for photo in photos:
        if not is_photo(photo):
            drop_picture(pk=photo, by=by)


def _save_new(card: PublicCard) -> None:
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError as error:
        raise _taken() from error


def _free_slug(wanted: str, card: PublicCard) -> str:
    """The address as it is wanted; a number is added only where nobody chose it."""
    slug = slugify(wanted, allow_unicode=True)[:70] or "person"
    others = PublicCard.objects.exclude(pk=card.pk)
    taken = {*others.values_list("slug", flat=True), *others.values_list("released__slug", flat=True)}
    if slug not in taken:
        return slug
    if card._state.adding:
        return next(f"{slug}-{number}" for number in range(2, 1000) if f"{slug}-{number}" not in taken)
    raise _taken()


def _taken() -> DomainError:
    return DomainError("address_taken", translate("Another page has this address. Choose another one."), field="slug")

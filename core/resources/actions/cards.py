"""Sets of cards are made, and cards added, changed, removed and put in another order by the set's owner (RES-02, RES-06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.files.actions import keep_file, remove_file
from core.files.actions.files import Given
from core.files.models import StoredFile
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.kernel.unseen import one_line
from core.people.actions.changes import require
from core.resources.actions.resources import add_row, check_room, checked_title, held
from core.resources.audit_codes import ResourceAudit
from core.resources.models import LONGEST_SIDE, MOST_CARDS, Card, Resource
from core.resources.permissions import can_change_resource, cards_with_files
from core.resources.queries import cards_of
from core.resources.rules.card_lines import Line
from core.resources.signals import cards_changed

CARD_PICTURE, CARD_SOUND = "card_picture", "card_sound"
PURPOSES = {"picture": CARD_PICTURE, "sound": CARD_SOUND}
SIDES = ("front", "back")


@dataclass(frozen=True, slots=True)
class CardContent:
    """What is to stand on a card. `files` by the names of the card's fields (`front_picture` …): the new ones; `without`: those that go."""

    front_text: str = ""
    back_text: str = ""
    files: Mapping[str, Given] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


@transaction.atomic
def add_set(*, title: str, by: Any, now: datetime, tags: Sequence[str] = ()) -> Resource:
    """A set without cards yet. Errors: `title_missing`, `too_many_resources`."""
    check_room(by)
    return add_row(Resource(kind=Resource.Kind.CARDS, title=checked_title(title)), tags=tags, by=by, now=now)


@transaction.atomic
def add_cards(*, resource: Resource, pictures: Sequence[Given], with_names: bool, by: Any, now: datetime) -> list[Card]:
    """A card for each picture, behind the others. `with_names`: what the file is called, without its ending, stands on the back."""
    resource = _set_to_change(resource, by)
    _check_number(resource, len(pictures))
    first, made = _next(resource), []
    for number, given in enumerate(pictures):
        file = keep_file(given=given, purpose=CARD_PICTURE, by=by, now=now)
        name = one_line(file.name.rpartition(".")[0])[:LONGEST_SIDE] if with_names else ""
        made.append(Card.objects.create(resource=resource, position=first + number, front_picture=file, back_text=name))
    _changed(resource, {"cards": [first, first + len(made)]}, by=by, now=now)
    return made


@transaction.atomic
def add_lines(*, resource: Resource, lines: Sequence[Line], by: Any, now: datetime) -> list[Card]:
    """A card for each line of text."""
    resource = _set_to_change(resource, by)
    _check_number(resource, len(lines))
    first = _next(resource)
    made = [
        Card(
            resource=resource, position=first + number,
            front_text=_side(each.front, "front_text"), back_text=_side(each.back, "back_text"),
        )
        for number, each in enumerate(lines)
    ]  # fmt: skip
    Card.objects.bulk_create(made)
    _changed(resource, {"cards": [first, first + len(made)]}, by=by, now=now)
    return made


@transaction.atomic
def add_card(*, resource: Resource, content: CardContent, by: Any, now: datetime) -> Card:
    """One card, behind the others. Errors: `card_empty`, `too_many_cards`, those of `keep_file`."""
    resource = _set_to_change(resource, by)
    _check_number(resource, 1)
    card = Card(resource=resource, position=_next(resource))
    _write(card, content, by=by, now=now)
    _changed(resource, {"card": [None, str(card.pk)]}, by=by, now=now)
    return card


@transaction.atomic
def change_card(*, card: Card, content: CardContent, by: Any, now: datetime) -> Card:
    """What stands on it. Errors: `card_empty`, those of `keep_file`."""
    resource = _set_to_change(card.resource, by)
    card = _card(card)
    gone = _write(card, content, by=by, now=now)
    for file in gone:
        remove_file(file=file, by=by)
    _changed(resource, {"card": [str(card.pk), str(card.pk)]}, by=by, now=now)
    return card


@transaction.atomic
def remove_card(*, card: Card, by: Any, now: datetime) -> None:
    """Out of the set, for good."""
    resource = _set_to_change(card.resource, by)
    card = _card(card)
    files, pk = card.files, str(card.pk)
    card.delete()
    for file in files:
        remove_file(file=file, by=by)
    _number_again(resource)
    _changed(resource, {"card": [pk, None]}, by=by, now=now)


@transaction.atomic
def order_cards(*, resource: Resource, order: Sequence[UUID], by: Any, now: datetime) -> None:
    """As they are to stand. `cards_moved_on` when these are not the set's cards any more."""
    resource = _set_to_change(resource, by)
    cards = {each.pk: each for each in cards_of(resource).all()}
    if len(order) != len(cards) or set(order) != set(cards):
        raise ConflictError(
            "cards_moved_on",
            translate("The cards have changed meanwhile, maybe in another window. Look at them again."),
        )
    if list(order) == list(cards):
        return
    for position, pk in enumerate(order):
        cards[pk].position = position
    Card.objects.bulk_update(cards.values(), ["position"])
    _changed(resource, {"order": ["…", "…"]}, by=by, now=now)


def _set_to_change(resource: Resource, by: Any) -> Resource:
    resource = held(resource)
    require(can_change_resource(by, resource))
    if resource.kind != Resource.Kind.CARDS:
        raise NotFound(f"cards of {resource.pk}")
    return resource


def _card(card: Card) -> Card:
    found = cards_with_files(card.resource).filter(pk=card.pk).first()
    if found is None:
        raise NotFound(f"card {card.pk}")
    return found


def _check_number(resource: Resource, more: int) -> None:
    if cards_of(resource).count() + more > MOST_CARDS:
        sentence = translate("A set has at most %(most)s cards. Make another one for the rest.", most=MOST_CARDS)
        raise DomainError("too_many_cards", sentence)


def _next(resource: Resource) -> int:
    last = cards_of(resource).order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _number_again(resource: Resource) -> None:
    cards = list(cards_of(resource).all())
    for position, card in enumerate(cards):
        card.position = position
    Card.objects.bulk_update(cards, ["position"])


def _write(card: Card, content: CardContent, *, by: Any, now: datetime) -> list[StoredFile]:
    """Set what it is to have, and save it; returns the files that it no longer has."""
    card.front_text, card.back_text = _side(content.front_text, "front_text"), _side(content.back_text, "back_text")
    gone = []
    for name in (f"{side}_{part}" for side in SIDES for part in PURPOSES):
        given, before = content.files.get(name), getattr(card, name)
        if given is None and name not in content.without:
            continue
        if before is not None:
            gone.append(before)
        purpose = PURPOSES[name.partition("_")[2]]
        setattr(card, name, keep_file(given=given, purpose=purpose, by=by, now=now) if given is not None else None)
    if not (card.has("front") or card.has("back")):
        raise DomainError("card_empty", translate("Put something on the card: words, a picture or a sound."))
    card.save()
    return gone


def _side(text: str, name: str) -> str:
    require_plain(text)
    line = one_line(text)
    if len(line) > LONGEST_SIDE:
        raise DomainError(
            "side_too_long", translate("Write at most %(most)s characters.", most=LONGEST_SIDE), field=name
        )
    return line


def _changed(resource: Resource, changes: dict[str, Any], *, by: Any, now: datetime) -> None:
    Resource.objects.filter(pk=resource.pk).update(changed_at=now)
    audit.record(ResourceAudit.CARDS_CHANGED, by=by, subject=resource, changes=changes)
    cards_changed.send(sender=Resource, resource=resource)

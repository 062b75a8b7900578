"""What stands on somebody's list and in the store, and how many more somebody may bring."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.files.models import StoredFile
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.people.queries import found_by
from core.resources.models import Card, ListedResource, Resource
from core.resources.permissions import cards_with_files
from core.resources.rules.games.table import Cards
from core.resources.rules.owning import Owning
from tenants import entitlements


def owning(staff: StaffMember) -> Owning:
    """How many this person owns, beside the plan."""
    owned = Resource.objects.filter(owner=staff).count()
    return Owning(owned, entitlements.limit(entitlements.RESOURCES))


def check_room(user: Any, number: int) -> None:
    """Error: `too_many_resources`, with what to do."""
    room = owning(user.staff)
    if room.takes(number):
        return
    sentence = translate(
        "You own %(owned)s resources, and your plan has up to %(most)s for each of you. Delete some that you no longer use, or ask for more: see "
        "Settings, Plan. What is there stays.",
        owned=room.owned, most=room.most,
    )  # fmt: skip
    raise DomainError("too_many_resources", sentence, field="files")


def my_list(
    staff: StaffMember, *, typed: str = "", kind: str = "", tag: str = "", only_favorites: bool = False
) -> QuerySet[ListedResource]:
    """What stands on the list, what was added last first; found by title, description and tag."""
    rows = ListedResource.objects.filter(staff=staff).select_related("resource__owner__user", "resource__file")
    if only_favorites:
        rows = rows.filter(is_favorite=True)
    if kind:
        rows = rows.filter(resource__kind=kind)
    if tag:
        rows = rows.filter(resource__tags__contains=[tag])
    rows = rows.order_by("-added_at", "-pk")
    return found_by(
        typed, rows, lambda word: word.in_("resource__search_key") | Q(resource__tags__contains=[typed.lower()])
    )


def tags_of(staff: StaffMember) -> list[str]:
    """Every tag on the list, in order."""
    found = (
        ListedResource.objects.filter(staff=staff).exclude(resource__tags=[]).values_list("resource__tags", flat=True)
    )
    return sorted({tag for tags in found for tag in tags}, key=str.casefold)


def store(staff: StaffMember, *, typed: str = "", kind: str = "") -> QuerySet[Resource]:
    """What colleagues share, what was shared last first, with whether it is on the list already (`is_mine`)."""
    mine = ListedResource.objects.filter(staff=staff, resource=OuterRef("pk"))
    rows = Resource.objects.filter(shared_at__isnull=False).select_related("owner__user", "file")
    rows = rows.annotate(is_mine=Exists(mine)).order_by("-shared_at", "-pk")
    if kind:
        rows = rows.filter(kind=kind)
    return found_by(typed, rows, lambda word: word.in_("search_key") | Q(tags__contains=[typed.lower()]))


def listing_of(staff: StaffMember, resource: Resource) -> ListedResource | None:
    """Where it stands on somebody's list."""
    return ListedResource.objects.filter(staff=staff, resource=resource).first()


def others_with(resource: Resource) -> int:
    """How many colleagues have it on their lists."""
    return ListedResource.objects.filter(resource=resource).exclude(staff_id=resource.owner_id).count()


def cards_of(resource: Resource) -> QuerySet[Card]:
    """The cards of a set in order."""
    return Card.objects.filter(resource=resource)


def files_of_cards(resource: Resource) -> list[StoredFile]:
    """All files of a set."""
    return [file for card in cards_with_files(resource) for file in card.files]


def cards_on_table(resource: Resource | None) -> Cards:
    """Which cards a set has, for what is played with it."""
    if resource is None:
        return Cards()
    cards = list(cards_of(resource))
    return Cards(
        tuple(str(each.pk) for each in cards),
        tuple(str(each.pk) for each in cards if each.has("front") and each.has("back")),
    )

"""Which guests by link a browser is: their ids stand in its session, one for each link that it has come by."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from sessions_live.models import Room
from sessions_live.permissions import ROOMS
from sessions_live.personal_links.models import LinkGuest, PersonalLink
from sessions_live.personal_links.permissions import is_good_for, known_guests

KEY = "link_guests"  # in the session: {id of the link, or of the guest who was invited: id of the guest}
MOST = 20  # of one browser


def remember(session: Any, guest: LinkGuest) -> None:
    """This browser is that guest from now on, at that link."""
    known, place = dict(session.get(KEY, {})), str(guest.link_id if guest.slug else guest.pk)
    known.pop(place, None)
    session[KEY] = {**dict(list(known.items())[-(MOST - 1) :]), place: str(guest.pk)}


def forget(session: Any, link: PersonalLink) -> None:
    """This browser is nobody at that link."""
    session[KEY] = {key: value for key, value in session.get(KEY, {}).items() if key != str(link.pk)}


def guest_ids(session: Mapping[str, Any]) -> list[UUID]:
    """The ids of all of them."""
    found = []
    for text in session.get(KEY, {}).values():
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def guest_at(session: Any, link: PersonalLink, slug: str) -> LinkGuest | None:
    """Who this browser is at that link, blocked or not; only by the address by which they came, be it that of today or one that was reset."""
    pk = session.get(KEY, {}).get(str(link.pk))
    found = [each for each in known_guests(guest_ids(session)) if str(each.pk) == pk]
    return found[0] if found and found[0].slug == slug.lower() else None


def guest_for(session: Any, room_id: UUID) -> LinkGuest | None:
    """Who this browser is in that room; None where it is nobody."""
    ids = guest_ids(session)
    room = ROOMS.filter(pk=room_id).first() if ids else None
    if room is None:
        return None
    return next((guest for guest in known_guests(ids) if _belongs(guest, room)), None)


def _belongs(guest: LinkGuest, room: Room) -> bool:
    """Also one who may not come in any more: the room's door says so."""
    return is_good_for(guest, room) or (bool(guest.slug) and room.link_id == guest.link_id)

"""Who came by a personal link, and where that opens to them.

The address as it is today is the key: who came by one that was reset meanwhile is a stranger again, unless they are in.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q

from core.people.permissions import is_active_staff
from sessions_live.personal_links.models import LinkGuest, PersonalLink


def is_good_for(guest: LinkGuest, room: Any) -> bool:
    """Whether this guest may come to the room's door, or is in already."""
    if guest.blocked_at is not None or guest.user_id is not None:
        return False
    if room.link_id is None:
        return guest.into_id == room.pk
    if room.link_id != guest.link_id:
        return False
    return guest.slug == room.link.slug or is_inside(room, Q(guest=guest))


def came_by(link: PersonalLink, user: Any) -> bool:
    """Whether somebody who is signed in has come by the link as it is today, or is in."""
    if not (user.is_authenticated and user.is_active):
        return False
    came = link.guests.filter(user=user, blocked_at=None).first()
    if came is None:
        return False
    room = getattr(link, "room", None)
    return came.slug == link.slug or (room is not None and is_inside(room, Q(user=user)))


def is_inside(room: Any, whose: Q) -> bool:
    """Whether a host has let them in and they have not left."""
    return bool(room.admissions.filter(whose, state="admitted").exists())


def is_here(came: LinkGuest) -> bool:
    """Whether whoever came waits at the link, or is in: there, or in the session into which a host has let them."""
    if came.user_id is None:
        return bool(came.admissions.filter(state__in=["waiting", "admitted"]).exists())
    room = getattr(came.link, "room", None)
    return room is not None and bool(
        room.admissions.filter(user=came.user_id, state__in=["waiting", "admitted"]).exists()
    )


def may_have_link(user: Any) -> bool:
    """Everybody who works here has one."""
    return is_active_staff(user)


def known_guests(ids: list[UUID]) -> list[LinkGuest]:
    """The guests that a browser's session names."""
    return list(LinkGuest.objects.select_related("link").filter(pk__in=ids, user=None))

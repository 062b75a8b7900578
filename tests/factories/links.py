"""Personal links, and people who come by them."""

from typing import Any

from core.kernel import clock
from core.people.models import StaffMember
from sessions_live import actions as live
from sessions_live.models import Admission, Room
from sessions_live.personal_links import actions
from sessions_live.personal_links.models import LinkGuest, PersonalLink
from tests.factories.web import browser_of


def link_of(staff: StaffMember) -> PersonalLink:
    """Their link, made as they look at it."""
    return actions.ensure_link(staff, by=staff.user, now=clock.now())


def room_of(link: PersonalLink) -> Room:
    return live.open_personal_room(link, now=clock.now())


def come(link: PersonalLink, name: str = "Paula Gast", **other: Any) -> LinkGuest:
    """Somebody without an account has given a name."""
    how = {"passphrase": "", "language": "en", "network": "", "now": clock.now(), **other}
    return actions.come_by_link(link, name=name, **how)


def knock(link: PersonalLink, name: str = "Paula Gast", **other: Any) -> Admission:
    """They wait."""
    return live.ask_admission(room_of(link), by=come(link, name, **other), now=clock.now())


def browser_at(link: PersonalLink, name: str = "Paula Gast", **typed: str) -> Any:
    """The browser of a guest who has sent the form of the link's page."""
    browser = browser_of()
    answer = browser.post(f"/join/{link.slug}/", {"name": name, **typed})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return browser

"""Reading calendars by CalDAV (RFC 4791): from the address of one calendar, of a person or of a server to the events in a time.

Each request goes through `core.kernel.outside`, which is why no library asks: theirs connect and follow redirects by themselves.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from core.kernel.outside import Answer, Request, Trouble, Unreachable, join

MOST_CALENDARS = 10
DAV, CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
HEAD = '<?xml version="1.0" encoding="utf-8"?>'
NAMES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
WHO = f"{HEAD}<propfind {NAMES}><prop><resourcetype/><current-user-principal/><C:calendar-home-set/></prop></propfind>"
EVENTS = (
    f'{HEAD}<C:calendar-query {NAMES}><prop><C:calendar-data/></prop><C:filter><C:comp-filter name="VCALENDAR">'
    '<C:comp-filter name="VEVENT"><C:time-range start="{begins}" end="{ends}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>'
)
Fetch = Callable[[Request], Answer]


class NoCalendar(Exception):
    """What answers there is no calendar, or none of this person's. `status`: what was said at `url`."""

    def __init__(self, status: int, url: str) -> None:
        super().__init__(f"{status}: {url}")
        self.status, self.url = status, url


@dataclass(frozen=True, slots=True)
class Found:
    """What a server says of one address."""

    url: str
    is_calendar: bool
    principal: str
    home: str


def authorization(username: str, password: str) -> str:
    """The header of a name and a password (RFC 7617)."""
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def events_between(request: Request, begins: datetime, ends: datetime, *, fetch: Fetch) -> list[str]:
    """The calendar objects that touch this time. `request`: address, authorization, and a budget for all that is asked.

    Raises NoCalendar, Unreachable.
    """
    found: list[str] = []
    for url in _calendars(request, fetch):
        body = EVENTS.format(begins=f"{begins:%Y%m%dT%H%M%SZ}", ends=f"{ends:%Y%m%dT%H%M%SZ}")
        answer = _asked(replace(request, url=url), "REPORT", body, depth="1", fetch=fetch)
        found += [data.text for data in _read(answer).iter(f"{CAL}calendar-data") if data.text]
    return found


def _calendars(request: Request, fetch: Fetch) -> Sequence[str]:
    """The address itself, or the calendars of whoever signs in there."""
    here = _looked_at(request, request.url, fetch)
    if any(each.is_calendar for each in here[:1]):
        return [here[0].url]
    home = next((each.home for each in here if each.home), "")
    if not home and (principal := next((each.principal for each in here if each.principal), "")):
        home = next((each.home for each in _looked_at(request, principal, fetch) if each.home), "")
    if not home:
        raise NoCalendar(207, request.url)
    theirs = [each.url for each in _looked_at(request, home, fetch, depth="1") if each.is_calendar]
    if not theirs:
        raise NoCalendar(207, request.url)
    return theirs[:MOST_CALENDARS]


def _looked_at(request: Request, url: str, fetch: Fetch, *, depth: str = "0") -> list[Found]:
    answer = _asked(replace(request, url=url), "PROPFIND", WHO, depth=depth, fetch=fetch)
    return [_found(each, answer.url) for each in _read(answer).iter(f"{DAV}response")]


def _found(response: Element, asked: str) -> Found:
    def link(name: str) -> str:
        path = response.findtext(f".//{name}/{DAV}href", "").strip()
        return join(asked, path) if path else ""

    here = response.findtext(f"{DAV}href", "").strip()
    is_calendar = response.find(f".//{DAV}resourcetype/{CAL}calendar") is not None
    return Found(join(asked, here), is_calendar, link(f"{DAV}current-user-principal"), link(f"{CAL}calendar-home-set"))


def _asked(request: Request, method: str, body: str, *, depth: str, fetch: Fetch) -> Answer:
    headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": depth}
    answer = fetch(replace(request, method=method, body=body.encode(), headers=headers))
    if answer.status != 207:
        raise NoCalendar(answer.status, answer.url)
    return answer


def _read(answer: Answer) -> Element:
    try:
        return fromstring(answer.content)
    except (ParseError, LookupError, ValueError) as error:  # no XML, an encoding that nobody knows, entities
        raise Unreachable(Trouble.REFUSED, "") from error

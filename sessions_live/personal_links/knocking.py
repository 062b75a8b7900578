"""Who may knock at a personal link now: looked at whenever somebody comes anew to its waiting room."""

from datetime import datetime, timedelta

from core.kernel import limits
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import translate
from sessions_live.models import Admission, Person, Room
from sessions_live.personal_links.queries import opening_of_link

MOST_WAITING = 60  # at one link: more is a raid
KNOCKS = Limit("live.knocks", 12, timedelta(minutes=10))  # of one guest


def check_knock(room: Room, person: Person, *, now: datetime) -> None:
    """DomainError `link_nowhere`, `link_closed`, `link_crowded` or `too_often`."""
    assert room.link is not None
    opening = opening_of_link(room.link, now=now)
    if opening.code == "nowhere":
        raise DomainError("link_nowhere", translate("Nobody can be met by this link at present."))
    if not opening.is_open:
        raise DomainError("link_closed", translate("This is outside of the hours in which one can come here."))
    if room.admissions.filter(state=Admission.State.WAITING).count() >= MOST_WAITING:
        raise DomainError("link_crowded", translate("Very many people are waiting here. Please try again later."))
    limits.count([(KNOCKS, str(person.pk))], now=now)

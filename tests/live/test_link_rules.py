"""When somebody may knock, which names count as the same, and what guests read: the tables of docs/rules."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sessions_live.rules.displayed_names import shown
from sessions_live.rules.guest_names import is_namesake
from sessions_live.rules.link_opening import LinkState, link_opening
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def at(text):
    return datetime.fromisoformat(f"{text}+00:00") if text else None


def hours_of(text):
    """`Monday 09:00-12:00 Monday 13:00-17:00` as a link keeps it."""
    words, found = text.split(), {}
    if text == "always":
        return {}
    for day, span in zip(words[::2], words[1::2], strict=True):
        edges = [int(edge[:2]) * 60 + int(edge[3:]) for edge in span.split("-")]
        found.setdefault(str(DAYS.index(day)), []).append(edges)
    return found


@pytest.mark.parametrize(("links", "locked", "works", "hours", "comes", "answer", "opens"), rows("link-opening"))
def test_link_takes_people_when_the_table_says(links, locked, works, hours, comes, answer, opens):
    state = LinkState(links == "yes", locked == "yes", works == "yes", hours_of(hours), ZoneInfo("Europe/Berlin"))

    opening = link_opening(state, now=at(comes))

    assert (opening.code, opening.opens_at) == (answer, at(opens))
    assert opening.is_open is (answer == "open")


@pytest.mark.parametrize(("member", "typed", "same"), rows("guest-names"))
def test_name_counts_as_somebody_elses_when_the_table_says(member, typed, same):
    assert is_namesake(typed, ["Otto Other", member]) is (same == "yes")


@pytest.mark.parametrize(
    ("about", "first", "short"), rows("displayed-names", "a guest by link reads of"), ids=lambda text: text
)
@pytest.mark.parametrize("is_group", [True, False])
def test_guest_reads_what_the_organization_has_decided(about, first, short, is_group):
    who, _, name = about.partition(" ") if not about.startswith(("another", "oneself")) else about.partition(", ")
    names = {"of_host": who == "host", "own": who == "oneself", "to_host": False, "is_group": is_group}

    assert shown(name, to_guest="first", **names) == first
    assert shown(name, to_guest="short", **names) == short

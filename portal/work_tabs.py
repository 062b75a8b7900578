"""The tabs of a live room's work area, out of those that the apps' manifests name. docs/live-rooms.md says how an app brings one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from core.people.models import User
from sessions_live.models import Room


@dataclass(frozen=True, slots=True)
class RoomVisitor:
    """Who opens the page of a room. `user` is None for a guest who came by a link and has no login."""

    user: User | None
    room: Room
    is_host: bool


@dataclass(frozen=True, slots=True)
class WorkTab:
    """One tab beside the pictures, for those who are `allowed`.

    `name` is a word of its own over all apps; `label` or `term` is what stands on it. `module` is the static path of the ES module that fills
    it, `template` what stands in it before that (texts and markup; it reads `facts`), `facts` what the module gets: addresses and settings,
    no contents, because the page is served before anybody has been let in. A tab that `is_private` is never led to, and covered while
    its reader shares a screen. One that goes `over_screens` is no tab: its module is mounted over every shared screen instead.
    One that `waits` is offered to guests only while something is open in it.
    """

    name: str
    icon: str
    position: int
    module: str
    allowed: Callable[[RoomVisitor], bool]
    label: Any = ""
    term: str = ""
    template: str = ""
    facts: Callable[[RoomVisitor], dict[str, Any]] | None = None
    is_private: bool = False
    over_screens: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab as the page of the room draws it."""

    tab: WorkTab
    label: str
    facts: dict[str, Any]

    @property
    def facts_json(self) -> str:
        """For the module."""
        return json.dumps(self.facts, cls=DjangoJSONEncoder)


def shown_to(visitor: RoomVisitor, tabs: list[WorkTab], vocabulary: Any) -> list[ShownTab]:
    """Those of `tabs` that this person may have, in order."""
    return [
        ShownTab(tab, _label(tab, vocabulary), tab.facts(visitor) if tab.facts else {})
        for tab in tabs
        if tab.allowed(visitor)
    ]


def _label(tab: WorkTab, vocabulary: Any) -> str:
    noun = vocabulary.get(tab.term, plural=True) if tab.term else str(tab.label)
    return noun[:1].upper() + noun[1:]

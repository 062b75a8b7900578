"""What one page reads of the people and messages of its room: names as the rule about them says, guests marked as such, and no ids of logins."""

from dataclasses import dataclass
from typing import Any

from sessions_live.personal_links.models import marked
from sessions_live.rules.displayed_names import shown

Facts = dict[str, Any]


@dataclass(frozen=True)
class RoomPresenter:
    """For one page: its login and its peer in the call, and whether strangers may be in the room."""

    user_id: Any
    peer: str
    is_host: bool
    is_group: bool
    to_guest: str = ""  # of a guest by link: which names they read

    def message(self, facts: Facts) -> Facts:
        """A chat message: theirs or another's."""
        mine = facts["sender"] == str(self.user_id)
        return {
            "id": facts["id"],
            "name": self._name(facts, of_host=facts["from_host"], own=mine),
            "text": facts["text"],
            "at": facts["at"],
            "mine": mine,
            "in_waiting_room": bool(facts["waiting_person"]),
        }

    def private(self, facts: Facts) -> Facts:
        """A message between this page's person and one other."""
        mine = facts["sender"]["peer"] == self.peer
        other = facts["recipient" if mine else "sender"]
        return {
            "id": facts["id"],
            "name": self._person_name(facts["sender"]),
            "text": facts["text"],
            "at": facts["at"],
            "mine": mine,
            "in_waiting_room": False,
            "private_with": {"peer": other["peer"], "name": self._person_name(other)},
        }

    def people(self, people: list[Facts]) -> list[Facts]:
        """Those who are in."""
        return [
            {
                "peer": one["peer"],
                "name": self._person_name(one),
                "host": one["host"],
                "guest": bool(one["mark"]),
                "hand": one["hand"],
                "spotlight": one["spotlight"],
                **({"called": one["name"]} if self.is_host and one["mark"] else {}),
            }
            for one in people
        ]

    def queue(self, queue: list[Facts]) -> list[Facts]:
        """Those who wait, for a host."""
        return [
            {
                "admission": one["admission"],
                "name": marked(one["name"], one["mark"]),
                "guest": bool(one["mark"]),
                "since": one["since"],
            }
            for one in queue
        ]

    def _person_name(self, facts: Facts) -> str:
        return self._name(facts, of_host=facts["host"], own=facts["peer"] == self.peer)

    def _name(self, facts: Facts, *, of_host: bool, own: bool) -> str:
        if facts["mark"] and not own:
            to_guest = "" if self.is_host else self.to_guest
            name = facts["name"] if not to_guest else self._shown(facts["name"], of_host=False, own=False)
            return marked(name, facts["mark"])
        return self._shown(facts["name"], of_host=of_host, own=own)

    def _shown(self, name: str, *, of_host: bool, own: bool) -> str:
        return shown(
            name, of_host=of_host, to_host=self.is_host, own=own, is_group=self.is_group, to_guest=self.to_guest
        )

"""What one page reads of the people and messages of its room: names as the rule about them says, and no ids of logins."""

from dataclasses import dataclass
from typing import Any

from sessions_live.rules.displayed_names import shown

Facts = dict[str, Any]


@dataclass(frozen=True)
class RoomPresenter:
    """For one page: its login and its peer in the call, and whether strangers may be in the room."""

    user_id: Any
    peer: str
    is_host: bool
    is_group: bool

    def message(self, facts: Facts) -> Facts:
        """A chat message: theirs or another's."""
        mine = facts["sender"] == str(self.user_id)
        return {
            "id": facts["id"],
            "name": self._name(facts["name"], of_host=facts["from_host"], own=mine),
            "text": facts["text"],
            "at": facts["at"],
            "mine": mine,
            "in_waiting_room": bool(facts["waiting_person"]),
        }

    def people(self, people: list[Facts]) -> list[Facts]:
        """Those who are in."""
        return [
            one | {"name": self._name(one["name"], of_host=one["host"], own=one["peer"] == self.peer)} for one in people
        ]

    def _name(self, name: str, *, of_host: bool, own: bool) -> str:
        return shown(name, of_host=of_host, to_host=self.is_host, own=own, is_group=self.is_group)

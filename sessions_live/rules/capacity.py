"""How many people one live room takes.

Guests count one by one: every login that has been let in takes one place, also when two of them act for the same client. How many places
there are depends on the organization's plan, and there are never more than 100. Hosts take none of them: ten places of their own are kept,
so that whoever runs the session always comes in. Who is in stays in, whatever changes meanwhile; who waits takes no place.
docs/rules/capacity.md has a worked table.
"""

from dataclasses import dataclass

HOSTS = 10


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many guests and hosts have been let in and have not left, and `most`, how many guests the plan allows."""

    guests: int
    hosts: int
    most: int

    @property
    def free(self) -> int:
        """How many more guests can be let in."""
        return max(0, self.most - self.guests)

    @property
    def is_beyond_hosts(self) -> bool:
        """Whether a host has come in for whom there is no place."""
        return self.hosts > HOSTS


def peers(most: int) -> int:
    """How many connections the media server must take for `most` guests."""
    return most + HOSTS

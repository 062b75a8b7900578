"""How many resources somebody may own.

What counts is what a staff member owns: what they have brought themselves. What they have added from the store counts for nobody but its owner.
At the limit nothing new is taken in; what is there stays, also when a plan becomes smaller. From nine tenths on people are told.
docs/rules/owning.md has the table.
"""

from dataclasses import dataclass

NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Owning:
    """How many somebody owns, and how many they may; None for no limit."""

    owned: int
    most: int | None

    @property
    def left(self) -> int | None:
        """How many more."""
        return None if self.most is None else max(0, self.most - self.owned)

    @property
    def is_full(self) -> bool:
        return not self.takes(1)

    @property
    def is_nearly_full(self) -> bool:
        return self.most is not None and self.owned >= self.most * NEARLY

    def takes(self, number: int) -> bool:
        """Whether so many more may be added."""
        return self.left is None or number <= self.left

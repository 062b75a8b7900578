"""How much of something is used, beside how much a plan allows. At the limit nothing new is taken in; what is there stays."""

from dataclasses import dataclass

NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much is used, and how much may be; None for no limit."""

    used: int
    most: int | None

    @property
    def left(self) -> int | None:
        """How much more."""
        return None if self.most is None else max(0, self.most - self.used)

    @property
    def is_full(self) -> bool:
        return not self.takes(1)

    @property
    def is_nearly_full(self) -> bool:
        """From nine tenths on people are told."""
        return self.most is not None and self.used >= self.most * NEARLY

    def takes(self, number: int) -> bool:
        """Whether so much more may be added."""
        return self.left is None or number <= self.left

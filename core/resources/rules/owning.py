"""How many resources somebody may own.

What counts is what a staff member owns: what they have brought themselves. What they have added from the store counts for nobody but its owner.
At the limit nothing new is taken in; what is there stays, also when a plan becomes smaller. From nine tenths on people are told.
docs/rules/owning.md has the table.
"""

from core.kernel.allowance import Allowance


class Owning(Allowance):
    """How many somebody owns, and how many they may; None for no limit."""

    @property
    def owned(self) -> int:
        return self.used

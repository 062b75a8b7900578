"""A step on an organization's way to being live, as an app adds it to the setup guide by its manifest.

How far it is, is read from the facts: `done`, `waiting` and `wrong` are sets of which one row is enough; all sets of all steps are asked in one
question, which is put together once: a set names no moment and no person. A step whose facts lie elsewhere says by `look` how far it is. `whys`
are the sentences beside a state, for whom it is not plain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission

Rows = Callable[[], "QuerySet[Any]"]


class StepState(StrEnum):
    """How far a step is; `label` is what people read."""

    label: Any
    tone: str

    def __new__(cls, code: str, label: Any, tone: str) -> "StepState":
        member = str.__new__(cls, code)
        member._value_ = code
        member.label, member.tone = label, tone
        return member

    DONE = "done", _("Done"), "success"
    WRONG = "wrong", _("Needs a hand"), "danger"
    WAITING = "waiting", _("Under way"), "info"
    TO_DO = "to_do", _("To do"), "neutral"
    SKIPPED = "skipped", _("Skipped"), "neutral"


@dataclass(frozen=True, slots=True)
class Look:
    """How far a step is, and why."""

    state: StepState
    why: Any = ""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step: what it is, where it is done, by whom, and in about how many minutes.

    `offered` says whether it concerns this organization at all (its plan, what it has); `url_name` is a page without arguments.
    """

    key: str
    title: Any
    sentence: Any
    icon: str
    url_name: str
    position: int
    minutes: int
    permission: Permission
    done: Rows | None = None
    waiting: Rows | None = None
    wrong: Rows | None = None
    look: Callable[[], Look] | None = None
    whys: Mapping[StepState, Any] = field(default_factory=dict)
    offered: Callable[[], bool] = lambda: True

    def sets(self) -> dict[StepState, Rows]:
        """The sets that it is read from, in the order in which they count."""
        named = {StepState.WRONG: self.wrong, StepState.DONE: self.done, StepState.WAITING: self.waiting}
        return {state: rows for state, rows in named.items() if rows is not None}

"""How far each step of the setup guide is: read from the facts, in a number of questions that does not grow with steps or rows."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists
from django.urls import reverse

from branding.models import Brand
from core.people.models import User
from core.people.roles import Permission
from core.setup.models import GUIDE, SkippedStep
from core.setup.queries import read_skipped, skipped_beside
from portal import manifests
from portal.setup_steps import Look, Rows, SetupStep, StepState

SEES = Permission.MANAGE_HOSTS  # whoever may bring the organization live sees how far it is
SETTINGS = "/settings/"
CLOSED = (StepState.DONE, StepState.SKIPPED)


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step as one person sees it."""

    step: SetupStep
    state: StepState
    why: Any
    may: bool
    skipped_by: str = ""
    skipped_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    @property
    def can_be_skipped(self) -> bool:
        return self.may and self.state in (StepState.TO_DO, StepState.WAITING)


@dataclass(frozen=True, slots=True)
class Guide:
    """All steps that concern the organization, in order."""

    steps: list[GuideStep]
    put_away: SkippedStep | None

    @property
    def open(self) -> list[GuideStep]:
        return [step for step in self.steps if step.is_open]

    @property
    def closed(self) -> int:
        return sum(not step.is_open for step in self.steps)

    @property
    def is_finished(self) -> bool:
        return self.closed == len(self.steps)

    @property
    def next(self) -> GuideStep | None:
        """What this person does next: the first step that is to be done and is theirs, then one that needs a hand."""
        wanted = [step for step in self.steps if step.may and step.state in (StepState.WRONG, StepState.TO_DO)]
        return wanted[0] if wanted else None

    @property
    def minutes(self) -> int:
        """About how long what is left takes; what waits takes nobody's time."""
        return sum(each.step.minutes for each in self.steps if each.state in (StepState.WRONG, StepState.TO_DO))


def guide_for(user: User) -> Guide:
    """The guide as this person sees it."""
    offered = [step for step in manifests.setup_steps() if step.offered()]
    found = _ask(offered)
    skipped = read_skipped(found["skipped"])
    steps = [
        _as_seen(step, step.look() if step.look else _read(step, found), skipped.get(step.key), user)
        for step in offered
    ]
    return Guide(steps, skipped.get(GUIDE))


def find_step(key: str) -> SetupStep | None:
    """The step with this key that concerns the organization."""
    return next((step for step in manifests.setup_steps() if step.key == key and step.offered()), None)


def is_at(step: SetupStep, path: str) -> bool:
    """Whether the step is done at this address: its page and those beside and below it.

    Where all settings begin there are pages of everything, so that a step that is done there has its page alone.
    """
    page = reverse(step.url_name)
    section = "/".join(page.strip("/").split("/")[:2])
    return path == page if page == SETTINGS else path.startswith(f"/{section}/")


def _ask(steps: list[SetupStep]) -> dict[str, Any]:
    """Which of all sets have a row, and what is skipped: one question, asked beside the one row of the brand."""
    sets = {_name(step, state): rows for step in steps for state, rows in step.sets().items()}
    sql, values = _question(tuple(sets.items()))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        *found, skipped = cursor.fetchone()
    return dict(zip(sets, found, strict=True)) | {"skipped": [json.loads(step) for step in skipped]}


@cache
def _question(sets: tuple[tuple[str, Rows], ...]) -> tuple[str, tuple[Any, ...]]:
    """The question in SQL, with its values. Kept, because it takes far longer to put together than to answer, and is the same in every schema."""
    asked = {name: Exists(rows()) for name, rows in sets}
    query = Brand.objects.filter(is_current=True).values(**asked, skipped=skipped_beside()).query
    return query.sql_with_params()  # type: ignore[no-any-return]


def _read(step: SetupStep, found: dict[str, Any]) -> Look:
    state = next((state for state in step.sets() if found[_name(step, state)]), StepState.TO_DO)
    return Look(state, step.whys.get(state, ""))


def _name(step: SetupStep, state: StepState) -> str:
    return f"{step.key}__{state}".replace("-", "_")


def _as_seen(step: SetupStep, look: Look, skipped: SkippedStep | None, user: User) -> GuideStep:
    may = user.may(step.permission)
    if skipped is not None and look.state in (StepState.TO_DO, StepState.WAITING):
        return GuideStep(step, StepState.SKIPPED, "", may, skipped.skipped_by, skipped.skipped_at)
    return GuideStep(step, look.state, look.why, may)

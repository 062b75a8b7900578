"""Goals of clients: what is to be reached, by which steps, and how far it has come."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import Client, User
from core.records.models.sealed import seal, unseal
from core.records.models.shared_by_hand import SharedByHand

GOAL = 200  # letters of what is to be reached
MEASURE = 300
UNIT = 30
STEP = 200
REMARK = 1000
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class GoalText:
    """What is to be reached, how one sees that it is, and in numbers where it can be counted: from where, to what, in which unit."""

    title: str = ""
    measure: str = ""
    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None
    is_readable: bool = field(default=True, compare=False)

    def sealed(self) -> str:
        """As it is kept."""
        content = {**asdict(self), "start": _plain(self.start), "target": _plain(self.target)}
        del content["is_readable"]
        return seal(content)

    @classmethod
    def read(cls, sealed: str) -> "GoalText":
        """What was kept; not readable when it cannot be opened."""
        content = unseal(sealed)
        if content is None:
            return cls(is_readable=False)
        numbers = {name: _number(content[name]) for name in ("start", "target")}
        return cls(content["title"], content["measure"], content["unit"], **numbers)


@dataclass(frozen=True, slots=True)
class ProgressText:
    """How far it had come: a value where it is counted, and a remark."""

    value: Decimal | None = None
    remark: str = ""
    is_readable: bool = field(default=True, compare=False)

    def sealed(self) -> str:
        """As it is kept."""
        return seal({"value": _plain(self.value), "remark": self.remark})

    @classmethod
    def read(cls, sealed: str) -> "ProgressText":
        """What was kept; not readable when it cannot be opened."""
        content = unseal(sealed)
        return cls(is_readable=False) if content is None else cls(_number(content["value"]), content["remark"])


@dataclass(frozen=True, slots=True)
class StepText:
    """One of the steps, in words."""

    words: str = ""
    is_readable: bool = field(default=True, compare=False)

    def sealed(self) -> str:
        """As it is kept."""
        return seal({"words": self.words})

    @classmethod
    def read(cls, sealed: str) -> "StepText":
        """What was kept; not readable when it cannot be opened."""
        content = unseal(sealed)
        return cls(is_readable=False) if content is None else cls(content["words"])


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


class Goal(SharedByHand):
    """Something that a client wants to reach. Whoever it is shared with sees all of it, with its steps and its progress."""

    class Status(models.TextChoices):
        OPEN = "open", _("Under way")
        REACHED = "reached", _("Reached")
        PAUSED = "paused", _("Paused")
        DROPPED = "dropped", _("Given up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="goals")
    sealed = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta(SharedByHand.Meta):
        ordering: ClassVar = ["-set_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["client", "status"], name="goal_of_client")]

    def __str__(self) -> str:
        return f"{self.client}, {self.set_at:%Y-%m-%d}"

    @property
    def text(self) -> GoalText:
        return GoalText.read(self.sealed)

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.PAUSED)


class GoalStep(models.Model):
    """One of the steps towards a goal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="steps")
    sealed = models.TextField()
    position = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.goal_id}, {self.position}"

    @property
    def text(self) -> StepText:
        return StepText.read(self.sealed)

    @property
    def words(self) -> str:
        """Empty when they cannot be read any more."""
        return self.text.words


class GoalProgress(models.Model):
    """How far a goal had come on a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="progress")
    on = models.DateField()
    sealed = models.TextField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-noted_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["goal", "on"], name="progress_of_goal")]

    def __str__(self) -> str:
        return f"{self.goal_id}, {self.on}"

    @property
    def text(self) -> ProgressText:
        return ProgressText.read(self.sealed)

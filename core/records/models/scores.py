"""Scores of clients: what somebody reached with a resource, and what stood there before it was changed."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import Client, User
from core.records.models.sealed import seal, unseal
from core.records.models.shared_by_hand import SharedByHand
from core.records.rules.scores import Marks, Scale
from core.resources.models import Resource
from core.scheduling.models import Appointment

LABEL = 60
SCORE_REMARK = 2000


@dataclass(frozen=True, slots=True)
class ScoreText:
    """What was reached, how somebody calls it, what they noted, and what the resource was called then."""

    scale: Scale = Scale.POINTS
    value: Decimal = Decimal(0)
    maximum: Decimal | None = None
    label: str = ""
    remark: str = ""
    title: str = ""
    is_readable: bool = field(default=True, compare=False)

    @property
    def marks(self) -> Marks:
        """The numbers, as the rule reads them."""
        return Marks(self.scale, self.value, self.maximum)

    def sealed(self) -> str:
        """As it is kept."""
        content = {**asdict(self), "value": f"{self.value.normalize():f}"}
        content["maximum"] = None if self.maximum is None else f"{self.maximum.normalize():f}"
        del content["is_readable"]
        return seal(content)

    @classmethod
    def read(cls, sealed: str) -> "ScoreText":
        """What was kept; not readable when it cannot be opened."""
        content = unseal(sealed)
        if content is None:
            return cls(is_readable=False)
        maximum = None if content["maximum"] is None else Decimal(content["maximum"])
        numbers = {"scale": Scale(content["scale"]), "value": Decimal(content["value"]), "maximum": maximum}
        return cls(**{**content, **numbers})


class Score(SharedByHand):
    """What a client reached with a resource on a day. It outlives the resource: `resource_key` stays what it was, and its title is kept within.

    `revision` counts the times it was changed.
    """

    class Scale(models.TextChoices):
        OUT_OF = Scale.OUT_OF.value, _("Points out of a maximum")
        PERCENT = Scale.PERCENT.value, _("Per cent")
        POINTS = Scale.POINTS.value, _("Points")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="scores")
    resource = models.ForeignKey(Resource, on_delete=models.SET_NULL, null=True, related_name="+")
    resource_key = models.UUIDField()
    appointment = models.ForeignKey(Appointment, on_delete=models.SET_NULL, null=True, related_name="+")
    on = models.DateField()
    sealed = models.TextField()
    revision = models.PositiveIntegerField(default=0)
    scored_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()

    class Meta(SharedByHand.Meta):
        ordering: ClassVar = ["-on", "-scored_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["client", "resource_key", "-on"], name="score_of_client")]

    def __str__(self) -> str:
        return f"{self.client}, {self.on}"

    @property
    def text(self) -> ScoreText:
        """Decrypted once for what was loaded last."""
        opened: tuple[str, ScoreText] | None = self.__dict__.get("_opened")
        if opened is None or opened[0] != self.sealed:
            opened = self.__dict__["_opened"] = (self.sealed, ScoreText.read(self.sealed))
        return opened[1]


class ScoreVersion(models.Model):
    """What a score said until somebody changed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    on = models.DateField()
    sealed = models.TextField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-revision"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["score", "revision"], name="scoreversion_once")]

    def __str__(self) -> str:
        return f"{self.score_id}, {self.revision}"

    @property
    def text(self) -> ScoreText:
        return ScoreText.read(self.sealed)

"""What is put aside, by its key."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from core.setup.models import SkippedStep

_FIELDS = ("key", "title", "skipped_at", "skipped_by")


def skipped_beside() -> ArraySubquery:
    """Every step that is skipped now, to be asked for in another question; `read_skipped` reads the answer."""
    return ArraySubquery(SkippedStep.objects.values(step=JSONObject(**{name: name for name in _FIELDS})))


def read_skipped(found: Iterable[Mapping[str, Any]]) -> dict[str, SkippedStep]:
    """The steps by key; the guide itself under `GUIDE` when it is put away."""
    steps = [
        SkippedStep(**{name: SkippedStep._meta.get_field(name).to_python(row[name]) for name in _FIELDS})
        for row in found
    ]
    return {step.key: step for step in steps}

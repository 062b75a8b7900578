"""What this app keeps."""

from core.records.models.files import ClientFile
from core.records.models.goals import (
    GOAL,
    MEASURE,
    MOST_STEPS,
    REMARK,
    STEP,
    UNIT,
    Goal,
    GoalProgress,
    GoalStep,
    GoalText,
    ProgressText,
)
from core.records.models.notes import (
    LONGEST,
    TITLE,
    Note,
    NoteAmendment,
    NoteShare,
    NoteSignature,
    NoteTemplate,
    NoteVersion,
)
from core.records.models.sealed import NoteText

__all__ = [
    "GOAL",
    "LONGEST",
    "MEASURE",
    "MOST_STEPS",
    "REMARK",
    "STEP",
    "TITLE",
    "UNIT",
    "ClientFile",
    "Goal",
    "GoalProgress",
    "GoalStep",
    "GoalText",
    "Note",
    "NoteAmendment",
    "NoteShare",
    "NoteSignature",
    "NoteTemplate",
    "NoteText",
    "NoteVersion",
    "ProgressText",
]

"""What this app keeps."""

from core.kernel import encrypted_columns
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
    StepText,
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
from core.records.models.sealed import PURPOSE, NoteText
from core.records.models.shared_by_hand import SharedByHand

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
    "SharedByHand",
    "StepText",
]

for each in (Note, NoteVersion, NoteSignature, NoteAmendment, NoteShare, Goal, GoalStep, GoalProgress):
    encrypted_columns.register(each, "sealed", purpose=PURPOSE)

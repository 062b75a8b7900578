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
from core.records.models.scores import LABEL, SCORE_REMARK, Score, ScoreText, ScoreVersion
from core.records.models.sealed import PURPOSE, NoteText
from core.records.models.shared_by_hand import SharedByHand

__all__ = [
    "GOAL",
    "LABEL",
    "LONGEST",
    "MEASURE",
    "MOST_STEPS",
    "REMARK",
    "SCORE_REMARK",
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
    "Score",
    "ScoreText",
    "ScoreVersion",
    "SharedByHand",
    "StepText",
]

for each in (
    Note,
    NoteVersion,
    NoteSignature,
    NoteAmendment,
    NoteShare,
    Goal,
    GoalStep,
    GoalProgress,
    Score,
    ScoreVersion,
):
    encrypted_columns.register(each, "sealed", purpose=PURPOSE)

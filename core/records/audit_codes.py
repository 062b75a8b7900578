"""The audit codes of this app. They name the act and never a word of what is kept; reading is an act, too."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class RecordsAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    NOTE_BEGUN = ("note.begun", gettext_noop("Began a note"), "notebook-pen", Tone.NEUTRAL)
    NOTE_WRITTEN = ("note.written", gettext_noop("Wrote in a note"), "pencil", Tone.NEUTRAL)
    NOTE_READ = ("note.read", gettext_noop("Read a note"), "eye", Tone.NEUTRAL)
    NOTE_VERSIONS_READ = (
        "note_versions.read",
        gettext_noop("Read earlier versions of a note"),
        "history",
        Tone.NEUTRAL,
    )
    NOTE_BROUGHT_BACK = (
        "note.brought_back",
        gettext_noop("Brought an earlier version of a note back"),
        "undo-2",
        Tone.INFO,
    )
    NOTE_SET_ASIDE = (
        "note.set_aside",
        gettext_noop("Kept a text among the earlier versions of a note"),
        "history",
        Tone.NEUTRAL,
    )
    NOTE_SIGNED = ("note.signed", gettext_noop("Signed a note"), "signature", Tone.SUCCESS)
    NOTE_COSIGNED = ("note.cosigned", gettext_noop("Signed the note of a colleague as well"), "signature", Tone.SUCCESS)
    NOTE_AMENDED = ("note.amended", gettext_noop("Added to a signed note"), "file-plus", Tone.INFO)
    NOTE_SHARED = ("note.shared", gettext_noop("Shared a note with the %(client)s"), "share-2", Tone.INFO)
    NOTE_WITHDRAWN = ("note.withdrawn", gettext_noop("Took a note back from the %(client)s"), "eye-off", Tone.WARNING)
    NOTE_REMOVED = ("note.removed", gettext_noop("Removed a note"), "trash-2", Tone.WARNING)
    NOTES_SEARCHED = (
        "notes.searched",
        gettext_noop("Looked through the notes about one %(client)s"),
        "search",
        Tone.NEUTRAL,
    )
    NOTE_TEMPLATE_SAVED = (
        "note_template.saved",
        gettext_noop("Changed a template for notes"),
        "file-text",
        Tone.NEUTRAL,
    )
    NOTE_TEMPLATE_REMOVED = (
        "note_template.removed",
        gettext_noop("Removed a template for notes"),
        "trash-2",
        Tone.WARNING,
    )
    GOAL_SET = ("goal.set", gettext_noop("Set a goal"), "target", Tone.NEUTRAL)
    GOAL_CHANGED = ("goal.changed", gettext_noop("Changed a goal"), "pencil", Tone.NEUTRAL)
    GOAL_READ = ("goal.read", gettext_noop("Looked at a goal"), "eye", Tone.NEUTRAL)
    GOAL_STEP_DONE = ("goal_step.done", gettext_noop("Marked a step towards a goal as done"), "check", Tone.SUCCESS)
    GOAL_STEP_UNDONE = (
        "goal_step.undone",
        gettext_noop("Marked a step towards a goal as not done"),
        "undo-2",
        Tone.NEUTRAL,
    )
    GOAL_PROGRESS_NOTED = (
        "goal_progress.noted",
        gettext_noop("Noted progress towards a goal"),
        "chart-line",
        Tone.NEUTRAL,
    )
    GOAL_PROGRESS_REMOVED = (
        "goal_progress.removed",
        gettext_noop("Removed progress that was noted"),
        "trash-2",
        Tone.WARNING,
    )
    GOAL_SHARED = ("goal.shared", gettext_noop("Shared a goal with the %(client)s"), "share-2", Tone.INFO)
    GOAL_WITHDRAWN = ("goal.withdrawn", gettext_noop("Took a goal back from the %(client)s"), "eye-off", Tone.WARNING)
    CLIENT_FILE_ADDED = ("client_file.added", gettext_noop("Added a file to the record"), "file-plus", Tone.NEUTRAL)
    CLIENT_FILE_READ = ("client_file.read", gettext_noop("Opened a file of the record"), "eye", Tone.NEUTRAL)
    CLIENT_FILE_SHARED = ("client_file.shared", gettext_noop("Shared a file with the %(client)s"), "share-2", Tone.INFO)
    CLIENT_FILE_WITHDRAWN = (
        "client_file.withdrawn",
        gettext_noop("Took a file back from the %(client)s"),
        "eye-off",
        Tone.WARNING,
    )
    CLIENT_FILE_REMOVED = (
        "client_file.removed",
        gettext_noop("Removed a file from the record"),
        "trash-2",
        Tone.WARNING,
    )
    SCORE_SAVED = ("score.saved", gettext_noop("Saved a score"), "chart-line", Tone.NEUTRAL)
    SCORE_CHANGED = ("score.changed", gettext_noop("Changed a score"), "pencil", Tone.NEUTRAL)
    SCORES_READ = ("scores.read", gettext_noop("Looked at the scores of one %(client)s"), "eye", Tone.NEUTRAL)
    SCORE_SHARED = ("score.shared", gettext_noop("Shared a score with the %(client)s"), "share-2", Tone.INFO)
    SCORE_WITHDRAWN = (
        "score.withdrawn",
        gettext_noop("Took a score back from the %(client)s"),
        "eye-off",
        Tone.WARNING,
    )
    SCORE_REMOVED = ("score.removed", gettext_noop("Removed a score"), "trash-2", Tone.WARNING)

"""The audit codes of this app. They name the act and never a word of what was asked or answered."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class QuestionnaireAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    FORM_CREATED = ("form.created", gettext_noop("Made a form"), "file-plus", Tone.NEUTRAL)
    FORM_CHANGED = ("form.changed", gettext_noop("Changed a form"), "pencil", Tone.NEUTRAL)
    FORM_ARCHIVED = ("form.archived", gettext_noop("Put a form away"), "archive", Tone.WARNING)
    FORM_RESTORED = ("form.restored", gettext_noop("Brought a form back"), "undo-2", Tone.INFO)
    FORM_REQUEST_SENT = ("form_request.sent", gettext_noop("Sent a form to fill in"), "send", Tone.INFO)
    FORM_REQUEST_REMINDED = ("form_request.reminded", gettext_noop("Reminded of a form"), "bell", Tone.NEUTRAL)
    FORM_REQUEST_WITHDRAWN = ("form_request.withdrawn", gettext_noop("Took a form back"), "eye-off", Tone.WARNING)
    FORM_REQUEST_DECLINED = (
        "form_request.declined",
        gettext_noop("Declined to fill in a form"),
        "circle-x",
        Tone.WARNING,
    )
    FORM_REQUEST_REOPENED = ("form_request.reopened", gettext_noop("Opened a form again"), "undo-2", Tone.INFO)
    FORM_ANSWERS_WRITTEN = ("form_answers.written", gettext_noop("Wrote in a form"), "pencil", Tone.NEUTRAL)
    FORM_FILE_ADDED = ("form_file.added", gettext_noop("Added a file to a form"), "file-plus", Tone.NEUTRAL)
    FORM_FILE_REMOVED = ("form_file.removed", gettext_noop("Removed a file from a form"), "trash-2", Tone.WARNING)
    FORM_FILE_READ = ("form_file.read", gettext_noop("Opened a file of a form"), "eye", Tone.NEUTRAL)
    FORM_ANSWERS_SIGNED = ("form_answers.signed", gettext_noop("Signed a form"), "signature", Tone.SUCCESS)
    FORM_ANSWERS_SUBMITTED = (
        "form_answers.submitted",
        gettext_noop("Sent a form that was filled in"),
        "check",
        Tone.SUCCESS,
    )
    FORM_ANSWERS_READ = ("form_answers.read", gettext_noop("Read the answers of a form"), "eye", Tone.NEUTRAL)

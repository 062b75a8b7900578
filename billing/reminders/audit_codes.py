"""The audit codes of reminders of overdue invoices."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class RemindersAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    REMINDER_HOLD_LIFTED = "reminder_hold.lifted", gettext_noop("Let reminders go on"), "bell", Tone.NEUTRAL
    REMINDER_HOLD_NOTED = "reminder_hold.noted", gettext_noop("Held reminders back"), "bell-off", Tone.WARNING
    REMINDER_MADE = "reminder.made", gettext_noop("Reminded of %(invoice:a|an)s %(invoice)s"), "alarm-clock", Tone.INFO
    REMINDER_SETTINGS_CHANGED = (
        "reminder_settings.changed",
        gettext_noop("Changed when %(payers)s are reminded"),
        "settings",
        Tone.NEUTRAL,
    )

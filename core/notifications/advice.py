"""What to do about a mail, by what became of it: read by whoever is asked “where is my mail?”."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.reasons import DeliveryReason

_BY_REASON = {
    DeliveryReason.ADDRESS_UNKNOWN: gettext_noop("Ask for the right address, correct it, and send the mail again."),
    DeliveryReason.ADDRESS_IMPOSSIBLE: gettext_noop("Ask for the right address, correct it, and send the mail again."),
    DeliveryReason.BLOCKED: gettext_noop("Whoever looks after mail there has to allow your sender, step by step. Then send it again."),
    DeliveryReason.UNSUBSCRIBED: gettext_noop("They have to allow your sender again, step by step. Then send it again."),
}  # fmt: skip
_BY_STATE = {
    "trying": gettext_noop("There is nothing to do: it is tried again by itself."),
    "sent": gettext_noop("The mail server has taken it, and nobody has reported anything since. Have them look in spam, step by step."),
    "delivered": gettext_noop("The receiving server has taken it: it lies in the mailbox, perhaps in spam. Have them search for the sender."),
    "deferred": gettext_noop("The receiving server asked for patience; it is tried again by itself. If it is urgent, call."),
    "bounced": gettext_noop("Read what the receiving server said, mend it, and send the mail again."),
    "complained": gettext_noop("Ask them to mark it as “not spam”: otherwise their provider may hold back everything that follows."),
    "failed": gettext_noop("It never left. Read the reason, mend it, and send the mail again."),
    "void": gettext_noop("It was no longer needed when its time came."),
}  # fmt: skip


def advice_on(state: str, reason_code: str) -> str:
    """One or two sentences, in the language in force."""
    by_reason = {reason.value: text for reason, text in _BY_REASON.items()} if state in ("bounced", "failed") else {}
    return translate(by_reason.get(reason_code) or _BY_STATE[state])

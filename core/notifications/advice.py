"""What to do about a mail, by what became of it: read by whoever is asked “where is my mail?”."""

from core.kernel.translation import gettext_noop, translate
from core.notifications.reasons import DeliveryReason
from core.notifications.rules.channels import Channel

_BY_REASON = {
    DeliveryReason.ADDRESS_UNKNOWN: gettext_noop("Ask for the right address, correct it, and send the mail again."),
    DeliveryReason.ADDRESS_IMPOSSIBLE: gettext_noop("Ask for the right address, correct it, and send the mail again."),
    DeliveryReason.BLOCKED: gettext_noop("Whoever looks after mail there has to allow your sender, step by step. Then send it again."),
    DeliveryReason.UNSUBSCRIBED: gettext_noop("They have to allow your sender again, step by step. Then send it again."),
}  # fmt: skip
_MUTED = gettext_noop("There is nothing to do: they read it in the app, and can change it under Notifications.")
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


_TEXT = gettext_noop("It stands behind the bell in any case, and in their mail unless they have muted that.")
_TEXT_ALONE = gettext_noop("It comes by no other way. Whoever still needs it asks for another one.")
_TEXTS = {
    DeliveryReason.TEXT_STOPPED.value: gettext_noop(
        "They can send START from that telephone to the number that your text messages come from. A sender that is a name cannot be answered: "
        "then they give their number again under Your settings, Notifications."
    ),
    DeliveryReason.TEXT_NUMBER.value: gettext_noop(
        "Ask them to look at their mobile number under Your settings, Notifications."
    ),
    DeliveryReason.TEXT_COUNTRY.value: gettext_noop(
        "Let your account send to this country, at your provider of text messages. Then send it again."
    ),
    DeliveryReason.TEXT_LIMIT.value: gettext_noop("Set a higher limit under Text messages, if you want."),
    DeliveryReason.TEXT_ACCOUNT.value: gettext_noop(
        "Look at account, key and sender under Text messages, then at your provider’s own log."
    ),
}  # fmt: skip
_PUSH = gettext_noop("The device shows it as soon as it is on. It stands behind the bell in any case.")


def advice_on(state: str, reason_code: str, channel: str = Channel.EMAIL, *, is_alone: bool = False) -> str:
    """One or two sentences, in the language in force. `is_alone`: a text message that stands nowhere else, as a code or a test."""
    if channel == Channel.PUSH:
        return translate(_PUSH)
    if channel == Channel.SMS:
        return translate(_TEXTS.get(reason_code, _TEXT_ALONE if is_alone else _TEXT))
    if reason_code == DeliveryReason.MUTED:
        return translate(_MUTED)
    by_reason = {reason.value: text for reason, text in _BY_REASON.items()} if state in ("bounced", "failed") else {}
    return translate(by_reason.get(reason_code) or _BY_STATE[state])

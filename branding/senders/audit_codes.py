"""The audit codes of this app: what is done to the sender of mail."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class SendersAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    SENDER_CHANGED = "sender.changed", gettext_noop("Changed the sender of mail"), "mail", Tone.NEUTRAL
    SENDER_CODE_SENT = "sender.code_sent", gettext_noop("Had a code sent to an address"), "mail", Tone.INFO
    SENDER_ADDRESS_PROVEN = (
        "sender.address_proven",
        gettext_noop("Proved an address by its code"),
        "check",
        Tone.SUCCESS,
    )
    SENDER_KEY_ROTATED = "sender.key_rotated", gettext_noop("Changed the key that signs mail"), "key-round", Tone.INFO
    SENDER_VERIFIED = (
        "sender.verified",
        gettext_noop("Found every record of the mail domain right"),
        "check",
        Tone.SUCCESS,
    )
    SENDER_BROKEN = (
        "sender.broken", gettext_noop("Stopped sending in the own name, because a check failed"), "triangle-alert", Tone.DANGER,
    )  # fmt: skip
    SENDER_ATTENTION = (
        "sender.attention",
        gettext_noop("Found a record of the mail domain wrong"),
        "triangle-alert",
        Tone.WARNING,
    )
    SENDER_TEST_SENT = "sender.test_sent", gettext_noop("Had a test mail sent"), "mail", Tone.INFO

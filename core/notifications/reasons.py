"""Why a mail did not arrive, in our words; what a server said in its own stays beside it."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class DeliveryReason(ReasonCode):
    """Stored code, sentence."""

    ADDRESS_UNKNOWN = (
        "delivery.address_unknown",
        gettext_noop("The receiving server does not know this address, or does not take mail for it."),
    )
    ADDRESS_IMPOSSIBLE = "delivery.address_impossible", gettext_noop("No mail can be sent to this address. Correct it.")
    BLOCKED = (
        "delivery.blocked",
        gettext_noop("The receiving server does not take mail from here. Its owner has to allow the sender."),
    )
    COMPLAINED = "delivery.complained", gettext_noop("The recipient reported an earlier mail as spam.")
    UNSUBSCRIBED = "delivery.unsubscribed", gettext_noop("The recipient has asked to get no mail from this sender.")
    REFUSED = "delivery.refused", gettext_noop("The mail server refused the message.")
    REFUSED_THERE = "delivery.refused_there", gettext_noop("The receiving server refused the message.")
    TIMED_OUT = (
        "delivery.timed_out",
        gettext_noop("The receiving server did not take the message within the time in which it was tried."),
    )
    DELAYED = "delivery.delayed", gettext_noop("The receiving server is not ready; it is tried again by itself.")
    SERVER_AWAY = (
        "delivery.server_away",
        gettext_noop("The mail server could not be reached. It is tried again by itself."),
    )
    SYSTEM_AWAY = (
        "delivery.system_away",
        gettext_noop("A system that is needed for it did not answer. It is tried again by itself."),
    )
    GIVEN_UP = "delivery.given_up", gettext_noop("A system that is needed for it refused.")
    FAULT = "delivery.fault", gettext_noop("It failed through a fault of the product, which those who run it can see.")
    OBSOLETE = "delivery.obsolete", gettext_noop("When it was to be sent, what it says was no longer so.")

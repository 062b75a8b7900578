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
    MUTED = (
        "delivery.muted",
        gettext_noop("They have chosen not to hear of this by mail. It stands behind their bell."),
    )
    TEXT_NUMBER = "delivery.text_number", gettext_noop("No text message can be sent to this number.")
    TEXT_REFUSED = "delivery.text_refused", gettext_noop("The provider of text messages refused it.")
    TEXT_STOPPED = "delivery.text_stopped", gettext_noop("They have answered STOP to an earlier text message.")
    TEXT_ACCOUNT = (
        "delivery.text_account",
        gettext_noop("The provider of text messages does not take the account, its key or the sender."),
    )
    TEXT_COUNTRY = (
        "delivery.text_country",
        gettext_noop("The account at the provider of text messages does not send to this country."),
    )
    TEXT_UNDELIVERED = (
        "delivery.text_undelivered",
        gettext_noop("The telephone network could not deliver it: the number may be wrong, or the telephone off."),
    )
    TEXT_FILTERED = "delivery.text_filtered", gettext_noop("The telephone network has filtered it out.")
    TEXT_LIMIT = "delivery.text_limit", gettext_noop("The limit of text messages for one day was reached.")
    TEXT_AWAY = (
        "delivery.text_away",
        gettext_noop("The provider of text messages could not be reached. It is tried again by itself."),
    )

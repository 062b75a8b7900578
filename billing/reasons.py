"""The reasons that billing gives: why a charge has its amount, why money went back, why the processor refused."""

from core.kernel.reasons import ReasonCode
from core.kernel.translation import gettext_noop


class BillingReason(ReasonCode):
    """Stored code, sentence. The parts of a price fill the sentence about the whole."""

    PRICE = "price.whole", gettext_noop("%(price)s.")
    PRICE_SHARE = "price.share", gettext_noop("%(share)s %% of %(price)s.")
    PRICE_SHARE_BECAUSE = "price.share_because", gettext_noop("%(share)s %% of %(price)s because of “%(reason)s”.")
    PRICE_PER_HOUR = "price.per_hour", gettext_noop("%(price)s per hour, for %(minutes)s minutes")
    PRICE_BY_HAND = "price.by_hand", gettext_noop("the amount set by hand")
    PRICE_BY_HAND_BECAUSE = "price.by_hand_because", gettext_noop("the amount set by hand (%(reason)s)")
    PRICE_OF_RATE = "price.of_rate", gettext_noop("their own rate for %(service)s")
    PRICE_OF_SERVICE = "price.of_service", gettext_noop("the price of %(service)s")

    CHARGE_WITHOUT_SERVICE = "charge.without_service", gettext_noop("No service.")
    CHARGE_CHANGED = "charge.changed", gettext_noop("%(reason)s (before: %(amount)s)")
    CHARGE_WAIVED = "charge.waived", gettext_noop("Waived: %(reason)s")

    REFUND_MADE_ELSEWHERE = "refund.made_elsewhere", gettext_noop("Made at the payment service")
    REFUND_REFUSED = "refund.refused", gettext_noop("The bank refused it.")

    CARD_REFUSED = "card.refused", gettext_noop("The card was refused.")
    PROCESSOR_AWAY = (
        "processor.away",
        gettext_noop(
            "The payment service cannot be reached at the moment. Nothing was charged; try again in a minute."
        ),
    )
    PROCESSOR_NOT_SET_UP = "processor.not_set_up", gettext_noop("Card payments are not set up on this platform.")
    PROCESSOR_ACCOUNT_REFUSED = (
        "processor.account_refused",
        gettext_noop(
            "The payment service does not accept this organization's account. Connect it again under payment set-up."
        ),
    )
    PROCESSOR_REFUSED = "processor.refused", gettext_noop("The payment service refused this: %(why)s")
    SIGNATURE_DIFFERS = "processor.signature", gettext_noop("The signature does not match.")

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
    PRICE_OF_RATE = "price.of_rate", gettext_noop("their own rate for %(service_name)s")
    PRICE_OF_SERVICE = "price.of_service", gettext_noop("the price of %(service_name)s")

    CHARGE_WITHOUT_SERVICE = "charge.without_service", gettext_noop("No %(service)s.")
    CHARGE_CHANGED = "charge.changed", gettext_noop("%(reason)s (before: %(amount)s)")
    CHARGE_WAIVED = "charge.waived", gettext_noop("Waived: %(reason)s")

    CREDIT_WITHOUT_CLAIM = (
        "credit.without_claim",
        gettext_noop("The money given back was not owed, so the claim stays as it was."),
    )

    REFUND_MADE_ELSEWHERE = "refund.made_elsewhere", gettext_noop("Made at the payment service")
    REFUND_OVERTAKEN = "refund.overtaken", gettext_noop("The money was given back at the payment service already.")
    REFUND_REFUSED = "refund.refused", gettext_noop("The bank refused it.")
    REFUND_CARD_GONE = (
        "refund.card_gone",
        gettext_noop("The card is lost, has expired or was cancelled: give the money back another way."),
    )
    REFUND_FUNDS = "refund.funds", gettext_noop("There is not enough money in your account at the payment service.")
    REFUND_DISPUTED = (
        "refund.disputed",
        gettext_noop("The %(payer)s has disputed this payment at their bank: it is settled there."),
    )

    DISPUTE_WITHDRAWN = "dispute.withdrawn", gettext_noop("The bank has taken it back until it decides.")
    PAYMENT_DISPUTED = (
        "payment.disputed",
        gettext_noop(
            "A payment of this %(invoice)s is disputed at the bank. Nothing is to be paid until it has decided."
        ),
    )
    CARDS_OFF = (
        "processor.cards_off",
        gettext_noop("Card payments are not possible at the moment. Pay as the %(invoice)s says, or ask us."),
    )
    DISPUTE_REINSTATED = "dispute.reinstated", gettext_noop("The bank has given it back.")

    CARD_CURRENCY = (
        "card.currency",
        gettext_noop("Amounts in %(currency)s cannot be paid by card here. Pay as the %(invoice)s says, or ask us."),
    )
    CARD_TOO_LITTLE = (
        "card.too_little",
        gettext_noop(
            "At least %(least)s can be paid by card. Pay as the %(invoice)s says, together with another one, or ask us."
        ),
    )
    CARD_TOO_MUCH = (
        "card.too_much",
        gettext_noop("At most %(most)s can be paid by card at once. Pay as the %(invoice)s says, or ask us."),
    )
    CARD_STEP = (
        "card.step",
        gettext_noop(
            "This amount cannot be paid by card, only %(lower)s or %(higher)s. Pay as the %(invoice)s says, or ask us."
        ),
    )

    CARD_AMOUNT = (
        "card.amount",
        gettext_noop("This amount cannot be paid by card. Pay as the %(invoice)s says, or ask us."),
    )
    CARD_REFUSED = "card.refused", gettext_noop("The card was refused.")
    CARD_FUNDS = "card.funds", gettext_noop("The bank refused it: not enough money, or a limit of the card is reached.")
    CARD_EXPIRED = "card.expired", gettext_noop("The card has expired. Use another one.")
    CARD_CVC = "card.cvc", gettext_noop("The security code of the card is not right.")
    CARD_NUMBER = "card.number", gettext_noop("The number of the card is not right.")
    CARD_EXPIRY = "card.expiry", gettext_noop("The date until which the card is valid is not right.")
    CARD_INCOMPLETE = "card.incomplete", gettext_noop("Fill in the number, the date and the security code of the card.")
    CARD_NOT_CONFIRMED = (
        "card.not_confirmed",
        gettext_noop("The payment was not confirmed at the bank. Try again, or use another card."),
    )
    CARD_NOT_SUPPORTED = (
        "card.not_supported",
        gettext_noop("This card cannot be used for this payment. Use another one."),
    )
    CARD_TRY_LATER = (
        "card.try_later",
        gettext_noop("The bank could not be asked. Nothing was charged; try again in a minute."),
    )
    PAYMENT_CLOSED = (
        "payment.closed",
        gettext_noop("This payment is not open any more. Nothing was charged; look at the %(invoice)s again."),
    )
    PROCESSOR_AWAY = (
        "processor.away",
        gettext_noop(
            "The payment service cannot be reached at the moment. Nothing was charged; try again in a minute."
        ),
    )
    PROCESSOR_NOT_SET_UP = "processor.not_set_up", gettext_noop("Card payments are not set up on this platform.")
    PROCESSOR_ACCOUNT_REFUSED = (
        "processor.account_refused",
        gettext_noop("The payment service does not accept your account. Connect it again under payment set-up."),
    )
    PROCESSOR_REFUSED = (
        "processor.refused",
        gettext_noop("The payment service did not take this. Nothing was charged; ask us if it happens again."),
    )
    SIGNATURE_DIFFERS = "processor.signature", gettext_noop("The signature does not match.")


class UnmailedReason(ReasonCode):
    """Why a payer gets no mail: stored code, and the end of a sentence that begins with their name."""

    NO_ADDRESS = "unmailed.no_address", gettext_noop("no mail address")
    SWITCHED_OFF = "unmailed.switched_off", gettext_noop("the login is switched off")
    MAY_NOT_SEE = "unmailed.may_not_see", gettext_noop("may not see the amount")

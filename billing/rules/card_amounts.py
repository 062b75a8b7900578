"""Amounts that can be paid by card, as the payment processor counts them: its smallest unit is not everywhere ours (CLDR).

We count Icelandic krónur, Serbian dinars and Ugandan shillings whole; the payment processor wants hundredths of them, and of those that have
none only whole ones. Of currencies with three decimals it takes only what ends in 0. Below its least amount and above its most it takes
nothing by card.
docs/rules/card-amounts.md has a worked table.
"""

from billing.reasons import BillingReason
from core.kernel.money import Money, minor_digits
from core.kernel.reasons import Reason

_WHOLE = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD JOD KWD OMR TND"
_HUNDREDTHS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK DKK DOP DZD EGP "
    "ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT "
    "MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB "
    "TJS TOP TRY TTD TWD TZS UAH UGX USD UYU UZS WST XCD YER ZAR ZMW"
)
DIGITS = (
    dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_HUNDREDTHS.split(), 2) | dict.fromkeys(_THOUSANDTHS.split(), 3)
)
# Of three decimals, the last must be 0, because the card networks take two.
STEP = dict.fromkeys(_THOUSANDTHS.split(), 10)
# The least that is charged by card, in the processor's units.
LEAST = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30, "HKD": 400,
    "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50,
    "THB": 1000, "USD": 50,
}  # fmt: skip
MOST = 99_999_999


def to_processor(amount: Money) -> int:
    """The amount in the processor's units. ValueError for what it cannot say: ask `refusal_of` first."""
    units, rest = divmod(amount.amount * _finer(amount.currency), _coarser(amount.currency))
    if rest or units % STEP.get(amount.currency, 1):
        raise ValueError(f"{amount} cannot be charged by card")
    return units


def from_processor(units: int, currency: str) -> Money:
    """What the processor says as we count it, rounded half up where its units are finer than ours."""
    currency = currency.upper()
    step = _finer(currency)
    return Money((units * _coarser(currency) * 2 + step) // (2 * step), currency)


def takes(currency: str) -> bool:
    """Whether cards can be charged in the currency at all."""
    return currency in DIGITS


def refusal_of(amount: Money) -> Reason | None:
    """Why this amount cannot be charged by card; None when it can."""
    if not takes(amount.currency):
        return Reason(BillingReason.CARD_CURRENCY, {"currency": amount.currency})
    try:
        units = to_processor(amount)
    except ValueError:
        return _step_refusal(amount)
    least = LEAST.get(amount.currency, 1)
    if units < least:
        return Reason(BillingReason.CARD_TOO_LITTLE, {"least": from_processor(least, amount.currency)})
    if units > MOST:
        return Reason(BillingReason.CARD_TOO_MUCH, {"most": from_processor(MOST, amount.currency)})
    return None


def step_refusal_of(amount: Money) -> Reason | None:
    """Why this price can never be charged by card, whatever else stands on the invoice; None when it can."""
    if not takes(amount.currency):
        return Reason(BillingReason.CARD_CURRENCY, {"currency": amount.currency})
    return _step_refusal(amount) if amount.amount % STEP.get(amount.currency, 1) else None


def payable_in_steps(amount: Money) -> Money:
    """The amount, rounded up to what the card networks take of its currency."""
    step = STEP.get(amount.currency, 1)
    return Money(-(-amount.amount // step) * step, amount.currency)


def _step_refusal(amount: Money) -> Reason:
    step = STEP.get(amount.currency, 1)
    below = amount.amount // step * step
    values = {"lower": Money(below, amount.currency), "higher": Money(below + step, amount.currency)}
    return Reason(BillingReason.CARD_STEP, values)


def _finer(currency: str) -> int:
    """How many of the processor's units one of ours is, where its are finer."""
    return int(10 ** max(0, DIGITS.get(currency, minor_digits(currency)) - minor_digits(currency)))


def _coarser(currency: str) -> int:
    """How many of our units one of the processor's is, where its are coarser."""
    return int(10 ** max(0, minor_digits(currency) - DIGITS.get(currency, minor_digits(currency))))

"""Amounts: integers in a currency's smallest unit, https://docs.stripe.com/currencies."""

from deploy.local.payments.errors import ApiError, required
from deploy.local.payments.params import Params

_ZERO = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_TWO = (
    "aed aud bam bgn brl cad chf cny czk dkk eur gbp hkd huf ils inr isk mad mxn myr nok nzd php pln ron sar sek sgd "
    "rsd thb try twd uah ugx usd zar"
)
_THREE = "bhd jod kwd omr tnd"
ZERO_DECIMAL, THREE_DECIMAL = frozenset(_ZERO.split()), frozenset(_THREE.split())
KNOWN = ZERO_DECIMAL | THREE_DECIMAL | frozenset(_TWO.split())
# counted in hundredths for the sake of older callers, though there are none: https://docs.stripe.com/currencies#special-cases
WHOLE_HUNDREDTHS = frozenset({"isk", "ugx"})
# the least that can be charged by card
MINIMUM = {
    "usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50, "nzd": 50, "chf": 50, "jpy": 50, "sek": 300, "nok": 300,
    "dkk": 250, "pln": 200, "czk": 1500, "huf": 17500, "mxn": 1000, "hkd": 400, "sgd": 50, "inr": 50, "brl": 50,
}  # fmt: skip
MAXIMUM = 99_999_999


def checked_currency(params: Params) -> str:
    currency = params.needed("currency").lower()
    if currency not in KNOWN:
        raise ApiError(f"Invalid currency: {currency}.", code="invalid_currency", param="currency")
    return currency


def checked_amount(params: Params, currency: str) -> int:
    """The amount to charge, within what cards allow."""
    amount = params.integer("amount")
    if amount is None:
        raise required("amount")
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise ApiError(message, code="parameter_invalid_integer", param="amount")
    check_step(amount, currency)
    if amount < MINIMUM.get(currency, 1):
        least = shown_amount(MINIMUM[currency], currency)
        raise ApiError(f"Amount must be at least {least}", code="amount_too_small", param="amount")
    if amount > MAXIMUM:
        most = shown_amount(MAXIMUM, currency)
        raise ApiError(f"Amount must be no more than {most}", code="amount_too_large", param="amount")
    return amount


def check_step(amount: int, currency: str) -> None:
    """Card networks take two decimals at most, and none of some currencies."""
    step = 100 if currency in WHOLE_HUNDREDTHS else 10 if currency in THREE_DECIMAL else 1
    if amount % step:
        message = f"Invalid amount: amounts in {currency} must be divisible by {step}."
        raise ApiError(message, code="parameter_invalid_integer", param="amount")


def shown_amount(amount: int, currency: str) -> str:
    """`12345` in `usd` as `123.45 USD`, by cutting digits, never by dividing."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).zfill(places + 1)
    whole, part = (digits[:-places], f".{digits[-places:]}") if places else (digits, "")
    grouped = f"{int(whole):,}"
    return f"{sign}{grouped}{part} {currency.upper()}"

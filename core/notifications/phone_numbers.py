"""Mobile numbers, in the one form in which they are kept and dialled (E.164)."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from branding.queries import current_brand
from core.kernel.errors import DomainError
from core.kernel.translation import translate

_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def mobile_number(typed: str) -> str:
    """The number in E.164; one without a country code is of the organization's country. DomainError for what is none, and for a land line."""
    try:
        number = phonenumbers.parse(typed, current_brand().country or None)
    except phonenumbers.NumberParseException as error:
        raise _refusal(
            "no_number", translate("Type the number with its country code, like +49 151 23456789.")
        ) from error
    if not phonenumbers.is_valid_number(number):
        raise _refusal("no_number", translate("There is no such number. Look at its digits again."))
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        raise _refusal(
            "land_line", translate("This is a land line, which takes no text messages. Give a mobile number.")
        )
    if kind not in _MOBILE:
        raise _refusal(
            "no_mobile", translate("No text message can be sent to this kind of number. Give a mobile number.")
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """As people write it: +49 1512 3456789."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def _refusal(code: str, sentence: str) -> DomainError:
    return DomainError(code, sentence, field="number")

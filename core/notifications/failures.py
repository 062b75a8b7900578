"""What mail servers and providers answer, as an error of ours: with a reason in words, and whether trying again can help."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.db import InterfaceError, OperationalError

from core.kernel.errors import GatewayError
from core.kernel.reasons import Reason
from core.notifications.reasons import DeliveryReason

_NOT_THE_MAILS = (SMTPAuthenticationError, SMTPConnectError, SMTPHeloError)  # but the line's, and somebody mends it
_BLOCKED = re.compile(r"\b5\.7\.\d+")  # RFC 3463: security or policy


class MailError(GatewayError):
    """A mail could not be handed over. `detail`: what the server said, in its own words."""

    def __init__(self, reason: DeliveryReason, *, permanent: bool, detail: str = "") -> None:
        self.reason = Reason(reason)
        self.detail = detail
        super().__init__(
            f"{reason.value}: {detail}" if detail else reason.value, permanent=permanent, code=reason.value
        )


def reason_of(error: Exception) -> Reason:
    """The reason in words for any error of a handler. What a system outside said is no part of it."""
    if isinstance(error, MailError):
        return error.reason
    if isinstance(error, GatewayError):
        return Reason(DeliveryReason.GIVEN_UP if error.permanent else DeliveryReason.SYSTEM_AWAY)
    if isinstance(error, OperationalError | InterfaceError):
        return Reason(DeliveryReason.SYSTEM_AWAY)
    return Reason(DeliveryReason.FAULT)


def is_passing(error: Exception) -> bool:
    """Whether it is of the kind that mends itself: a system outside, the database."""
    if isinstance(error, GatewayError):
        return not error.permanent
    return isinstance(error, OperationalError | InterfaceError)


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn whatever handing a mail over raises into a `MailError`."""
    try:
        yield
    except SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()), (550, b""))
        raise _refused(code, answer, DeliveryReason.ADDRESS_UNKNOWN) from error
    except _NOT_THE_MAILS as error:
        raise _away(error) from error
    except SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error, DeliveryReason.REFUSED) from error
    except AnymailInvalidAddress as error:
        raise MailError(DeliveryReason.ADDRESS_IMPOSSIBLE, permanent=True) from error
    except AnymailRecipientsRefused as error:
        raise MailError(DeliveryReason.ADDRESS_UNKNOWN, permanent=True, detail=_first_line(error)) from error
    except AnymailAPIError as error:
        raise _of_provider(error) from error
    except (SMTPException, OSError, AnymailError) as error:
        raise _away(error) from error


def _refused(code: int, answer: bytes | str, usual: DeliveryReason) -> MailError:
    """By the first digit of the reply (RFC 5321): 4 is “not now”, which a server that greylists says to everybody at first."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    detail = f"{code} {words}".strip()
    if code < 500:
        return MailError(DeliveryReason.DELAYED, permanent=False, detail=detail)
    return MailError(DeliveryReason.BLOCKED if _BLOCKED.search(words) else usual, permanent=True, detail=detail)


def _of_provider(error: AnymailAPIError) -> MailError:
    """A provider that refuses this message will do so again; one that is busy, or does not know our key, will not for ever."""
    status = error.status_code
    if status is not None and 400 <= status < 500 and status not in (401, 402, 403, 408, 429):
        return MailError(DeliveryReason.REFUSED, permanent=True, detail=_first_line(error))
    return _away(error)


def _away(error: Exception) -> MailError:
    return MailError(DeliveryReason.SERVER_AWAY, permanent=False, detail=type(error).__name__)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:500]

"""What is checked of a request, behind its lock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.booking_requests.models import BookingRequest
from core.booking_requests.rules.booking_requests import MOST_TIMES, Act, open_acts
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.scheduling.actions import booking_checks

LONGEST_WISH, LONGEST_NOTE, LONGEST_REASON = 400, 1000, 500


def check_open(request: BookingRequest, act: Act, *, now: datetime) -> None:
    """ConflictError unless the act is still open to whoever is on that side."""
    if not request.is_open:
        state = str(request.get_state_display()).lower()
        raise ConflictError(
            "request_settled",
            translate("This request is settled already (%(state)s). Nothing was changed.", state=state),
        )
    if act not in open_acts(request.state, asks=True, answers=True):
        raise ConflictError("request_moved_on", translate("There is another answer by now. Look at it, then go on."))
    if request.expires_at <= now and act is not Act.WITHDRAW:
        raise ConflictError("request_expired", translate("All times of this request have passed."))


def check_spans(
    starts: Sequence[datetime], minutes: int, *, now: datetime, needed: bool, field: str | None = None
) -> list[datetime]:
    """The times in order, each once; DomainError for too many, for none where some are needed, and for those that have passed."""
    found = sorted(set(starts))
    if needed and not found:
        raise DomainError("no_times", translate("Name at least one time."), field=field)
    if len(found) > MOST_TIMES:
        raise DomainError("many_times", translate("At most %(most)s times.", most=MOST_TIMES), field=field)
    for start in found:
        if start <= now:
            raise DomainError("past_time", translate("One of the times has passed already."), field=field)
        booking_checks.check_times(start, start + timedelta(minutes=minutes), now=now)
    return found


def check_words(text: str, longest: int, field: str) -> str:
    """The text as it is kept; DomainError when it is too long or has control characters."""
    text = text.strip()
    if len(text) > longest:
        raise DomainError("long_text", translate("That is too long. Say it in fewer words."), field=field)
    require_plain(text)
    return text

"""A first look at a slot that a crowd may want, before forms are made and calendars are locked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.scheduling.actions import booking_checks
from core.scheduling.permissions import schedules_run_by


def clash_at(
    user: Any, practitioner: UUID | None, slot: tuple[datetime, datetime] | None, *, apart_from: UUID | None = None
) -> ConflictError | None:
    """Whether a practitioner whose schedule `user` runs has that time no longer. Whatever is unclear here, the form and the action decide."""
    runs = schedules_run_by(user).select_related("user").filter(pk=practitioner).first() if slot else None
    if slot is None or runs is None:
        return None
    try:
        booking_checks.check_times(*slot, now=clock.now())
        booking_checks.check_free(
            by=user, practitioner=runs, clients=[], starts_at=slot[0], ends_at=slot[1], apart_from=apart_from
        )
    except ConflictError as clash:
        return clash
    except DomainError:
        return None
    return None


def answer_to(clash: ConflictError) -> HttpResponse:
    """As a form answers a script; a page shows its form in any case."""
    return JsonResponse({"message": clash.message, "errors": {clash.field: [clash.message]}}, status=409)

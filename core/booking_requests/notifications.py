"""Who is told of a request, by which message, with which facts. That a time was agreed is told by scheduling, like every booking and move."""

from typing import Any

from branding.queries import current_brand
from core.booking_requests import messages, outbox_names
from core.booking_requests.models import BookingRequest, RequestedTime
from core.booking_requests.permissions import can_see
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices, waiting
from core.notifications.channels import texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Box, Content, Topic
from core.people import grants
from core.people.models import StaffMember, User
from core.people.permissions import logins_acting_for, staff_with
from core.people.roles import Permission
from core.scheduling.notifications import told_sentence
from core.scheduling.recipients import audience_of_logins
from core.scheduling.time_formats import format_time_span
from tenants.absolute_urls import absolute_url, path_of


def tell_staff(kind: str, request: BookingRequest, *, by: Any = None, words: str = "") -> None:
    """Tell whoever answers; `by` knows of their own act already."""
    for user in answerers_of(request):
        if user.pk != getattr(by, "pk", None):
            _tell(kind, request, user, by=by, for_staff=True, words=words)


def tell_askers(kind: str, request: BookingRequest, *, by: Any = None, words: str = "") -> None:
    """Tell every login that acts for the client."""
    for user in logins_acting_for(request.client):
        if user.pk != getattr(by, "pk", None):
            _tell(kind, request, user, by=by, for_staff=False, words=words)


def answerers_of(request: BookingRequest) -> list[User]:
    """Whoever works by the schedule in question, and whoever was given it; where that is nobody, or any practitioner suits, those of the client
    and all who look after every schedule. Never somebody who may not open it."""
    runner = request.runner
    found: list[User] = []
    if runner is not None and runner.is_active:
        found = [runner.user, *grants.holders(grants.ADMINISTER_SCHEDULE, runner)]
    found = [user for user in found if user.is_active]
    if not found:
        assigned = StaffMember.objects.filter(assignments__client=request.client_id, status=StaffMember.Status.ACTIVE)
        everybody = [
            *assigned.select_related("user"),
            *staff_with(Permission.MANAGE_ALL_SCHEDULES).select_related("user"),
        ]
        found = [staff.user for staff in everybody if staff.user.is_active]
    return [user for user in {user.pk: user for user in found}.values() if can_see(user, request)]


def told_to_askers(request: BookingRequest, *, by: Any) -> str:
    """Who of them hears of it by mail, and who does not, in the language in force."""
    return told_sentence(audience_of_logins(request.client, by=by))


def content_of(request: BookingRequest, user: User, *, for_staff: bool, kind: str, words: str) -> Content:
    """What a mail says of it, in the language in force."""
    is_proposal, proposal = kind == "proposed", request.proposal
    times = [each for each in request.times.all() if is_proposal == (each.proposal_id is not None)]
    if is_proposal and proposal is not None:
        times = [each for each in times if each.proposal_id == proposal.pk]
    zone = user.time_zone if for_staff else request.client.time_zone
    title = messages.PROPOSED_TIMES if is_proposal else messages.ASKED_TIMES
    lines = [_line(each, zone, user.reads, with_whom=is_proposal) for each in times]
    if request.wish and not is_proposal and current_brand().names_in_mail:
        lines.append(request.wish)
    return Content(
        values=values_of(request, words, is_named=current_brand().names_in_mail),
        boxes=[Box(translate(title), lines)] if lines else [],
        button_url=absolute_url(page_of(request)),
        notes=[translate(messages.STANDS_NOTE)] if request.moves_id and kind in ("proposed", "declined") else (),
        reason=translate(messages.STAFF_REASON if for_staff else messages.LOGIN_REASON),
    )


def values_of(request: BookingRequest, words: str, *, is_named: bool) -> dict[str, str]:
    """What the words can speak of."""
    return {
        "service": request.what if is_named else "",
        "clients": request.client.name if is_named else "",
        "practitioner": str(request.runner) if request.runner else "",
        "moves": translate("yes") if request.moves_id else "",
        "words": words if is_named else "",
    }


def page_of(request: BookingRequest) -> str:
    return path_of("booking_requests:request", request.pk)


def _line(time: RequestedTime, zone: str, language: str, *, with_whom: bool) -> str:
    written = str(format_time_span(time.starts_at, time.ends_at, zone=zone, language=language))
    if not with_whom or time.runner is None:
        return written
    return f"{written} · {translate('With %(name)s', name=time.runner)}"


def _tell(kind: str, request: BookingRequest, user: User, *, by: Any, for_staff: bool, words: str) -> None:
    _mail, notice = (messages.TO_STAFF if for_staff else messages.TO_ASKERS)[kind]
    with in_language_of(user):
        values = values_of(request, words, is_named=True)
        notices.post(notice, user_id=user.pk, path=page_of(request), concerns=request, **values)
    key = f"request:{kind}:{request.pk}:{request.changed_at.timestamp()}:{user.pk}"
    facts = {
        "kind": kind,
        "request": str(request.pk),
        "changed_at": request.changed_at.isoformat(),
        "user": str(user.pk),
        "for_staff": for_staff,
    }
    outbox.enqueue(outbox_names.SEND_NEWS, key=key, by=by, about=request, **facts, words=words)
    if not for_staff and kind in messages.TEXTS and texted_among([user.pk], Topic.APPOINTMENTS):
        held = waiting.until(user.pk, happens_at=None, now=request.changed_at)
        due_at = held or outbox.AT_ONCE
        outbox.enqueue(outbox_names.TEXT_NEWS, key=f"{key}:text", due_at=due_at, by=by, about=request, **facts)

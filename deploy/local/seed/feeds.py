"""Who has a calendar address already, and who keeps another calendar, with a few busy times of the next weeks."""

from datetime import UTC, datetime, time, timedelta

from core.people.models import StaffMember, User
from core.scheduling.actions import set_feed
from core.scheduling.models import Appointment, BusyTime, ExternalCalendar
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span


def make_feeds(*, now: datetime) -> None:
    """One with everything, one that only says when; neither was read yet."""
    practitioner = _practitioner()
    if practitioner is not None:
        set_feed(is_busy_only=False, is_own_only=True, by=practitioner.user, now=now)
    guardian = User.objects.filter(links__relationship="guardian", is_active=True).order_by("created_at").first()
    if guardian is not None:
        set_feed(is_busy_only=True, is_own_only=False, by=guardian, now=now)


def keep_another_calendar(*, now: datetime) -> None:
    """Lunch with a friend, a course: when, and nothing else. Where nothing is booked, because that would have needed an explanation."""
    practitioner = _practitioner()
    if practitioner is None:
        return
    calendar = ExternalCalendar(
        practitioner=practitioner,
        name="Private",
        host="calendar.example",
        added_at=now - timedelta(days=9),
        tried_at=now,
        read_at=now,
    )
    calendar.address = "https://calendar.example/private.ics"
    calendar.save()
    zone = practitioner.user.time_zone
    starts = (
        wall_time.to_instant(
            datetime.combine(now.date() + timedelta(days=day), time(hour)), wall_time.zone(zone)
        ).instant
        for day in range(1, 22)
        for hour in ((12,) if day % 3 else (12, 15))
    )
    spans = [Span(start.astimezone(UTC), start.astimezone(UTC) + timedelta(hours=1)) for start in starts]
    booked = Appointment.objects.filter(practitioner=practitioner, ends_at__gt=now).exclude(status="cancelled")
    taken = [each.span for each in booked]
    BusyTime.objects.bulk_create(
        BusyTime(calendar=calendar, practitioner=practitioner, starts_at=span.starts_at, ends_at=span.ends_at)
        for span in spans
        if not any(span.overlaps(other) for other in taken)
    )


def _practitioner() -> StaffMember | None:
    found = StaffMember.objects.filter(role="practitioner", status="active")
    return found.order_by("user__created_at").first()

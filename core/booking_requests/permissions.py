"""Who may ask for a time, and who answers.

A client's own login asks, where the organization and the client's own permission allow it; an agent never does. Whoever runs the schedule in
question answers; where any practitioner suits, whoever runs a schedule on which they may put this client.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Prefetch, Q, QuerySet

from core.booking_requests.models import BookingRequest, Proposal, RequestedTime, RequestSettings
from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, User
from core.people.permissions import can_act_for, clients_acted_for, is_active_staff
from core.people.roles import ClientPermission, Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule, schedules_run_by

SEE, ANSWER, ASK = "see", "answer", "ask"


def can_change_request_settings(user: Any) -> bool:
    """Decide whether people can ask: whoever looks after everybody's schedule."""
    return is_active_staff(user) and user.may(Permission.MANAGE_ALL_SCHEDULES)


def clients_who_may_ask(user: Any) -> QuerySet[Client]:
    """The clients for whom a login may ask."""
    if not user.is_active:
        return Client.objects.none()
    closed = RequestSettings.objects.filter(is_current=True, is_open=False)
    own = clients_acted_for(user).filter(permissions__contains=[ClientPermission.REQUEST_APPOINTMENTS.value])
    return own.filter(~Exists(closed))


def can_ask_for(user: Any, client: Client) -> bool:
    """Whether a login may ask for this client."""
    allowed = user.is_active and RequestSettings.current().is_open and can_act_for(user, client)
    return allowed and client.allows(ClientPermission.REQUEST_APPOINTMENTS)


def own_requests(user: Any) -> QuerySet[BookingRequest]:
    """What was asked for the clients for whom a login acts, by whichever login of theirs."""
    if not user.is_active:
        return BookingRequest.objects.none()
    return BookingRequest.objects.filter(client__in=clients_acted_for(user).order_by().values("pk"))


def has_requests(user: Any) -> bool:
    """Whether the list of requests says anything to this person: to staff always, to logins of those who may ask or have asked."""
    if is_active_staff(user):
        return True
    either = Q(Exists(clients_who_may_ask(user))) | Q(Exists(own_requests(user)))
    return User.objects.filter(either, pk=user.pk).exists()


def requests_answered_by(user: Any) -> QuerySet[BookingRequest]:
    """What somebody who runs schedules can answer, or could while it was open."""
    if not is_active_staff(user):
        return BookingRequest.objects.none()
    run = schedules_run_by(user).order_by().values("pk")
    on_theirs = Q(moves__practitioner__in=run) | Q(moves=None, practitioner__in=run)
    of_any = Q(moves=None, practitioner=None)
    if not user.may(Permission.SEE_ALL_CLIENTS):
        of_any &= Q(client__in=Assignment.objects.filter(practitioner__in=run).values("client_id"))
    else:
        of_any &= Q(Exists(run))
    return BookingRequest.objects.filter(on_theirs | of_any)


def can_answer(user: Any, request: BookingRequest) -> bool:
    """Whether `user` may accept, propose and decline."""
    if not is_active_staff(user):
        return False
    if request.runner is not None:
        return can_run_schedule(user, request.runner)
    run = schedules_run_by(user)
    if user.may(Permission.SEE_ALL_CLIENTS):
        return run.exists()
    return Assignment.objects.filter(practitioner__in=run.order_by(), client=request.client_id).exists()


def can_see(user: Any, request: BookingRequest) -> bool:
    """Both sides read it."""
    return (user.is_active and can_act_for(user, request.client)) or can_answer(user, request)


def requests_visible_to(user: Any) -> QuerySet[BookingRequest]:
    """Every request for which `can_see` holds."""
    own, answered = own_requests(user).order_by(), requests_answered_by(user).order_by()
    return BookingRequest.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=answered.values("pk")))


def get_request(user: Any, pk: UUID, *, to: str = SEE) -> BookingRequest:
    """The request with all that belongs to it. NotFound for strangers, PermissionDenied for those on the other side."""
    found = with_everything(requests_visible_to(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"booking request {pk}")
    if to == ANSWER and not can_answer(user, found):
        raise PermissionDenied("not allowed to answer this request")
    if to == ASK and not can_act_for(user, found.client):
        raise PermissionDenied("not allowed to act for this client")
    return found


def with_everything(requests: QuerySet[BookingRequest]) -> QuerySet[BookingRequest]:
    """Loaded with what a page shows of them."""
    return requests.select_related(
        "client", "practitioner__user", "asked_by", "moves__practitioner__user", "end__appointment"
    ).prefetch_related(
        Prefetch("times", RequestedTime.objects.select_related("practitioner__user", "proposal")),
        Prefetch("proposals", Proposal.objects.select_related("made_by")),
    )


def for_rows(requests: QuerySet[BookingRequest]) -> QuerySet[BookingRequest]:
    """Loaded with what a row of a list says of them, and with nothing else: one more question."""
    times = RequestedTime.objects.select_related("proposal").only(
        "request", "starts_at", "ends_at", "proposal__made_at"
    )
    loaded = requests.select_related("client", "practitioner__user", "moves__practitioner__user")
    return loaded.prefetch_related(Prefetch("times", times)).only(
        "service_name", "other_service_names", "state", "wish", "client__first_name", "client__last_name", "client__time_zone",
        "practitioner__user__name", "moves__practitioner__user__name",
    )  # fmt: skip


def client_to_move(user: Any, appointment: Appointment) -> Client | None:
    """For whom this login may ask for another time for it; None for nobody."""
    return next(
        (place.client for place in appointment.attending if can_ask_to_move(user, appointment, place.client)), None
    )


def can_ask_to_move(user: Any, appointment: Appointment, client: Client) -> bool:
    """Whether a login may ask for another time for this client's appointment. Of a group, be it with nobody else yet, nobody asks for all."""
    if appointment.is_open_group:
        return False
    is_alone = [place.client_id for place in appointment.attending] == [client.pk]
    return is_alone and appointment.is_booked and can_ask_for(user, client)

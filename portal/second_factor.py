"""A second factor where somebody's role demands one: first a reminder, then no other page.

The pages on which it is set up are allauth's and no `SignedInView`, so they open; so do live sessions, because nobody is kept out of one.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.kernel import clock
from core.people.models import Safeguards, StaffMember
from core.people.permissions import is_active_staff
from core.people.rules.safeguards import Demand, FactorFacts, demand, due_at

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_NOT_FROM = frozenset({"live", "account_logout", "account_alive", "account_idle"})


def facts_of(user: Any) -> FactorFacts:
    """What decides; asks the database only where the person's role is named."""
    guards, staff = Safeguards.of(user), user.staff
    if not is_active_staff(user) or guards.factor_since is None or not _is_named(staff, guards):
        return FactorFacts(None, guards.grace_days, has_factor=False)
    has = Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists()
    return FactorFacts(max(guards.factor_since, staff.created_at), guards.grace_days, has_factor=has)


def factor_first(request: HttpRequest) -> HttpResponse | None:
    """The way to set one up, for whoever must now; PermissionDenied for anything that is no page."""
    facts = facts_of(request.user)
    request.factor_due = due_at(facts)  # type: ignore[attr-defined]  # read by the layout
    if demand(facts, clock.now()) is not Demand.NOW or _is_open(request):
        return None
    if request.method != "GET" or getattr(request, "htmx", False):
        raise PermissionDenied("a second factor is demanded")
    return redirect("mfa_index")


def reminder(request: HttpRequest) -> dict[str, Any] | None:
    """What the layout says above the page; None where nothing is due."""
    due: datetime | None = getattr(request, "factor_due", None)
    return {"due": due, "url": reverse("mfa_index"), "is_over": due <= clock.now()} if due else None


def staff_without(guards: Safeguards) -> QuerySet[StaffMember]:
    """Active staff whose role demands a second factor and who have none yet."""
    named = Q(role__in=guards.factor_roles, own_role=None) | Q(own_role__in=_keys(guards))
    theirs = Authenticator.objects.filter(user=OuterRef("user_id"), type__in=KINDS)
    active = StaffMember.objects.filter(named, status=StaffMember.Status.ACTIVE, user__is_active=True)
    return active.filter(~Exists(theirs)).select_related("user", "own_role").order_by("user__sort_key", "pk")


def _is_named(staff: StaffMember, guards: Safeguards) -> bool:
    return (str(staff.own_role_id) if staff.own_role_id else staff.role) in guards.factor_roles


def _keys(guards: Safeguards) -> list[str]:
    return [code for code in guards.factor_roles if "-" in code]


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and bool({match.url_name, *match.namespaces} & _NOT_FROM)

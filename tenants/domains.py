"""The hosts of an organization: asked for, proved by a DNS record, pointed here, and only then served.

Operators, the organization's administrators and commands use these same actions. `by` is an operator or program as text, or the acting
person of the organization. The states and what follows what: `tenants.domain_rules`.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from tenants import (
    branch_names,
    certificate_probe,
    context,
    dns_companies,
    domain_records,
    domain_rules,
    entitlements,
    host_names,
    look_alikes,
)
from tenants.audit_codes import DomainAudit, PlatformAudit
from tenants.certificate_probe import Certificate
from tenants.dns import Resolver, system_resolver
from tenants.domain_events import Author, note
from tenants.domain_records import LABEL, Findings
from tenants.domain_rules import OVERLAP, DomainState, Problem, Verdict
from tenants.lifecycle import locked
from tenants.models import Domain, Organization
from tenants.signals import domain_state_changed, host_branch_changed, host_lost, host_released, primary_host_changed

__all__ = ["LABEL", "add_domain", "check_domain", "make_primary", "remove_domain"]
MOST_HOSTS = 20
MOST_CHECKED = 50  # at one turn, so that it ends before the next begins
NIGHT = audit.SYSTEM
UNREGISTERED = frozenset({"localhost", "test", "internal"})  # zones of one label in which names need no registration


def add_domain(
    organization_id: UUID,
    *,
    host: str,
    by: Author,
    now: datetime,
    is_meant: bool = False,
    resolver: Resolver | None = None,
) -> Domain:
    """Ask for a host; it is served once it is proved and leads here. `is_meant` confirms letters that look like others.

    Errors: `host_invalid`, `host_reserved`, `host_look_alike`, `host_parked`, `host_unregistered`, `host_blocked`, `domain_taken`,
    `plan_too_small`, `hosts_too_many`.
    """
    name = readable_name(host)
    _check_not_ours(name, by)
    look_alikes.check_meant(name, is_meant)
    _check_zone(name, resolver or system_resolver())
    with context.public_context():
        try:
            with transaction.atomic():
                organization = locked(organization_id)
                entitlements.check_hosts(organization, name)
                _check_free(organization, name)
                _give_edge_label(organization)
                domain = Domain.objects.create(
                    tenant=organization, domain=name, is_primary=False, verification_token=domain_records.new_token(),
                    state=DomainState.REQUESTED, state_since=now, requested_at=now,
                )  # fmt: skip
                changes = {"host": [None, name]}
                note(domain, PlatformAudit.DOMAIN_ADDED, DomainAudit.HOST_ADDED, by=by, now=now, changes=changes)
        except IntegrityError as error:
            raise _taken(name) from error
    return domain


def check_domain(
    organization_id: UUID, domain_id: int, *, by: Author, now: datetime, resolver: Resolver | None = None
) -> tuple[Domain, Findings]:
    """Ask the DNS, and let the host's state follow; once it leads here, look at its certificate too. What nobody knows changes nothing.

    The network is asked outside of the transactions. The platform's own hosts have no records, and stay as they are.
    """
    domain = find(organization_id, domain_id)
    findings = domain_records.look(domain, resolver)
    if domain.is_the_platforms:
        return domain, findings
    domain = _follow(domain, lambda now_there: _judged(now_there, findings, now=now), by=by, now=now)
    is_ready = (
        domain.state in (DomainState.CERT_ISSUING, DomainState.LIVE) or domain.problem == Problem.CERTIFICATE_ENDS
    )
    if is_ready and _needs_certificate():
        shown = certificate_probe.look(domain.domain)
        domain = _follow(domain, lambda now_there: _certified(now_there, shown, now=now), by=by, now=now)
    return domain, findings


def vouch_for_domain(organization_id: UUID, domain_id: int, *, reason: str, by: Author, now: datetime) -> Domain:
    """Serve a host on an operator's word: one that the platform itself hands out, below its own domain. Errors: `reason_missing`, `host_foreign`."""
    _check_reason(reason, "Say how you know; the reason is kept in the history.")
    domain = find(organization_id, domain_id)
    if not host_names.is_below(domain.domain, settings.PLATFORM_DOMAIN):
        raise DomainError(
            "host_foreign",
            translate(
                "%(host)s is not the platform's to give. It is served once its DNS record is found.",
                host=host_names.shown(domain.domain),
            ),
        )
    return _follow(domain, _vouched, by=by, now=now, why=reason.strip())


def make_primary(
    organization_id: UUID, domain_id: int, *, by: Author, now: datetime, overlap: timedelta | None = OVERLAP
) -> Domain:
    """Make this the host that links point to, and announce it. The others work beside it for `overlap`, then lead to it; None: for ever.

    Again for the primary one changes nothing. Errors: `domain_unverified`, `plan_too_small`.
    """
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        domain = find(organization_id, domain_id)
        if domain.verified_at is None or domain.state != DomainState.LIVE:
            raise ConflictError(
                "domain_unverified", translate("This web address is not live yet; links to it would lead nowhere.")
            )
        if domain.is_primary:
            return domain
        _check_no_branchs(domain)
        entitlements.check_keeps_host(organization, domain.domain)
        domain.is_primary, domain.redirects_at = True, None
        domain.save()  # and no other one is primary any more
        others = organization.domains.exclude(pk=domain.pk).exclude(state=DomainState.DETACHING)
        others.filter(verified_at__isnull=False, branch_id=None).update(
            redirects_at=None if overlap is None else now + overlap
        )
        changes = {"primary": [None, domain.domain]}
        note(domain, PlatformAudit.DOMAIN_MADE_PRIMARY, DomainAudit.HOST_MADE_PRIMARY, by=by, now=now, changes=changes)
        with context.organization_context(organization):
            organization.__dict__.pop("_primary_host", None)
            primary_host_changed.send(Organization, host=domain.domain)
    return domain


def redirect_domain(organization_id: UUID, domain_id: int, *, redirects: bool, by: Author, now: datetime) -> Domain:
    """Let a host lead to the primary one from now on, or serve by itself. Error: `domain_primary`, which leads nowhere else."""
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        domain = find(organization_id, domain_id)
        if domain.is_primary:
            raise ConflictError(
                "domain_primary", translate("This is the primary web address. Make another one primary first.")
            )
        if redirects:
            _check_no_branchs(domain)
        else:
            entitlements.check_keeps_host(organization, domain.domain)
        before = bool(domain.redirects_at and domain.redirects_at <= now)
        domain.redirects_at = now if redirects else None
        domain.save()
        changes = {"redirects": [before, redirects]}
        note(domain, PlatformAudit.DOMAIN_REDIRECTED, DomainAudit.HOST_REDIRECTED, by=by, now=now, changes=changes)
    return domain


def give_to_branch(organization_id: UUID, domain_id: int, *, branch: UUID | None, by: Author, now: datetime) -> Domain:
    """Let a host lead to a branch and to nothing else; None: to the organization again, which is always possible. Whether there is such a branch,
    the caller has checked.

    Errors: `domain_primary`, `state_wrong` for one that is on its way out, `plan_too_small`, `host_reserved` for the last of the platform's.
    """
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        domain = find(organization_id, domain_id)
        if domain.branch_id == branch:
            return domain
        if domain.is_primary:
            raise ConflictError(
                "domain_primary",
                translate("This is the primary web address. Make another one primary first."),
                field="branch",
            )
        if branch is not None:
            if domain.state in (DomainState.DETACHING, DomainState.BLOCKED):
                raise _state_wrong()
            entitlements.check_keeps_host(organization, domain.domain)
            _check_stays_reachable(organization, domain)
        before, domain.branch_id = domain.branch_id, branch
        if domain.state != DomainState.DETACHING:
            domain.redirects_at = None
        domain.save()
        _note_branch(domain, before, by=by, now=now)
    return domain


def remove_domain(organization_id: UUID, domain_id: int, *, by: Author, now: datetime, at_once: bool = True) -> Domain:
    """Give a host back: at once, or after a time in which it leads to the primary one. What was never served goes at once.

    Errors: `domain_primary`, because an organization without a host cannot be reached; `host_reserved` for the platform's, by others than operators.
    """
    with context.public_context(), transaction.atomic():
        locked(organization_id)
        domain = find(organization_id, domain_id)
        if domain.is_primary:
            raise ConflictError(
                "domain_primary", translate("This is the primary web address. Make another one primary first.")
            )
        if domain.is_the_platforms and not isinstance(by, str):
            raise DomainError(
                "host_reserved",
                translate("This web address stays: it is the way in if your own fails."),
            )
        if at_once or not domain.is_served:
            return release(domain, by=by, now=now)
        domain.redirects_at, domain.leaves_at = now, now + OVERLAP
        domain.save()
        return _follow(domain, lambda _: Verdict(DomainState.DETACHING), by=by, now=now)


def keep_domain(organization_id: UUID, domain_id: int, *, by: Author, now: datetime) -> Domain:
    """Take a removal back, as long as the host is not released. Error: `state_wrong`."""
    with context.public_context(), transaction.atomic():
        locked(organization_id)
        domain = find(organization_id, domain_id)
        if domain.state != DomainState.DETACHING:
            raise _state_wrong()
        domain.redirects_at = domain.leaves_at = None
        domain.save()
        return _follow(domain, lambda _: Verdict(DomainState.LIVE), by=by, now=now)


def block_domain(organization_id: UUID, domain_id: int, *, reason: str, by: Author, now: datetime) -> Domain:
    """Stop serving a host, and let nobody ask for it, for a reason that operators keep. Errors: `reason_missing`, `domain_primary`."""
    _check_reason(reason, "Say why; the reason is kept in the history.")
    domain = find(organization_id, domain_id)
    if domain.is_primary:
        raise ConflictError(
            "domain_primary", translate("This is the primary web address. Make another one primary first.")
        )
    return _follow(domain, lambda _: Verdict(DomainState.BLOCKED), by=by, now=now, why=reason.strip())


def unblock_domain(organization_id: UUID, domain_id: int, *, by: Author, now: datetime) -> Domain:
    """Let a blocked host be proved anew. Error: `state_wrong`."""
    domain = find(organization_id, domain_id)
    if domain.state != DomainState.BLOCKED:
        raise _state_wrong()
    return _follow(domain, lambda _: Verdict(DomainState.REQUESTED), by=by, now=now)


def release(domain: Domain, *, by: Author, now: datetime, why: str = "") -> Domain:
    """Leave a tombstone: the row says that the host was this organization's; whoever wants it next proves it anew. In a transaction."""
    before = domain.state
    domain.state, domain.state_since, domain.problem = DomainState.RELEASED, now, ""
    domain.verified_at = domain.redirects_at = domain.leaves_at = None
    domain.verification_token, domain.is_primary, domain.branch_id = "", False, None
    domain.save()
    changes = {"host": [domain.domain, None], "state": [str(before), str(DomainState.RELEASED)]}
    note(domain, PlatformAudit.DOMAIN_REMOVED, DomainAudit.HOST_REMOVED, by=by, now=now, why=why, changes=changes)
    with context.organization_context(domain.tenant):
        host_released.send(Domain, host=domain.domain)
    return domain


def find(organization_id: UUID, domain_id: int) -> Domain:
    """One host of the organization, released ones left out; NotFound for any other."""
    with context.public_context():
        hosts = Domain.objects.select_related("tenant__plan").exclude(state=DomainState.RELEASED)
        domain = hosts.filter(tenant=organization_id, pk=domain_id).first()
    if domain is None:
        raise NotFound
    return domain


def look_after(organization: Organization, *, now: datetime, resolver: Resolver | None = None) -> None:
    """Once a night: served hosts are verified again, what is to leave leaves, and requests that nobody answered are dropped."""
    for domain in hosts_of(organization.pk):
        if domain.is_the_platforms or domain.state == DomainState.BLOCKED:
            continue
        if domain.leaves_at is not None and domain.leaves_at <= now:
            _release_alone(domain, by=NIGHT, now=now, why="the time of leading on is over")
        elif (
            domain.state in domain_rules.UNPROVED
            and domain.requested_at
            and domain.requested_at + domain_rules.WAITING <= now
        ):
            _release_alone(domain, by=NIGHT, now=now, why="no records came")
        else:
            check_domain(organization.pk, domain.pk, by=NIGHT, now=now, resolver=resolver)


def check_waiting(*, now: datetime, resolver: Resolver | None = None) -> int:
    """Every few minutes: look for the records of hosts that wait for them, the longest unlooked first; returns how many were looked at."""
    with context.public_context():
        waiting = Domain.objects.filter(state__in=domain_rules.PENDING, tenant__state=Organization.State.ACTIVE)
        some = list(waiting.order_by("checked_at", "pk").values_list("tenant_id", "pk")[:MOST_CHECKED])
    for organization_id, pk in some:
        check_domain(organization_id, pk, by=NIGHT, now=now, resolver=resolver)
    return len(some)


def readable_name(host: str) -> str:
    """The name of a host that somebody typed, as domains are stored. Errors: `host_invalid`, `host_reserved`."""
    return host_names.read(host, reserved=host_names.normalize(settings.OPERATOR_HOST))


def hosts_of(organization_id: UUID) -> list[Domain]:
    """All hosts of the organization but the released: the primary first, then those that are served."""
    with context.public_context():
        found = (
            Domain.objects.select_related("tenant__plan")
            .filter(tenant=organization_id)
            .exclude(state=DomainState.RELEASED)
        )
        return sorted(found, key=lambda domain: (not domain.is_primary, not domain.is_served, domain.domain))


def _release_alone(domain: Domain, *, by: Author, now: datetime, why: str) -> None:
    with context.public_context(), transaction.atomic():
        locked(domain.tenant_id)
        release(find(domain.tenant_id, domain.pk), by=by, now=now, why=why)


def _follow(domain: Domain, judge: Any, *, by: Author, now: datetime, why: str = "") -> Domain:
    """Let the state of the host, as it is now, follow `judge`; each change is noted, and announced to the organization."""
    with context.public_context(), transaction.atomic():
        locked(domain.tenant_id)
        fresh = find(domain.tenant_id, domain.pk)
        verdict: Verdict = judge(fresh)
        if verdict.state in domain_rules.PROVED and fresh.verified_at is None and not _take_over(fresh, now=now):
            verdict = Verdict(DomainState.AWAITING_DNS, Problem.HELD)
        before, problem_before = DomainState(fresh.state), fresh.problem
        if verdict.state != before and not domain_rules.may_move(before, verdict.state):
            raise _state_wrong()
        fresh.problem, fresh.checked_at = verdict.problem, now
        if verdict.state in domain_rules.PROVED and fresh.verified_at is None:
            fresh.verified_at = now
        if verdict.state in (DomainState.AWAITING_DNS, DomainState.REQUESTED):
            fresh.verified_at = None
        if verdict.state != before or (verdict.problem != problem_before and verdict.state == DomainState.DEGRADED):
            fresh.state, fresh.state_since = verdict.state, now
            fresh.save()
            _announce(fresh, before, by=by, now=now, why=why)
        else:
            fresh.save()
    return fresh


def _announce(domain: Domain, before: DomainState, *, by: Author, now: datetime, why: str) -> None:
    after = DomainState(domain.state)
    is_first_proof = before in (DomainState.REQUESTED, DomainState.AWAITING_DNS) and after in domain_rules.PROVED
    code = PlatformAudit.DOMAIN_VERIFIED if is_first_proof else PlatformAudit.DOMAIN_STATE
    changes: dict[str, Any] = {"state": [str(before), str(after)]}
    if domain.problem:
        changes["problem"] = [None, domain.problem]
    if is_first_proof:
        changes["verified"] = [None, domain.domain]
    note(domain, code, DomainAudit.HOST_STATE_CHANGED, by=by, now=now, why=why, changes=changes)
    with context.organization_context(domain.tenant):
        domain_state_changed.send(Domain, domain=domain, before=before, after=after)


def _vouched(domain: Domain) -> Verdict:
    domain.verification_token = ""  # because from now on no record stands behind it
    return Verdict(DomainState.LIVE)


def _judged(domain: Domain, findings: Findings, *, now: datetime) -> Verdict:
    lost_for = now - domain.state_since if domain.problem == Problem.PROOF_MISSING and domain.state_since else None
    state = DomainState(domain.state)
    verdict = domain_rules.judge(
        state, findings.standing, needs_certificate=_needs_certificate(), proof_lost_for=lost_for
    )
    if verdict.problem == Problem.UNREACHABLE and state == DomainState.DEGRADED:
        return Verdict(
            state, domain.problem
        )  # because what is not known changes nothing, least of all whether it is served
    if domain.problem == Problem.PROOF_LOST and verdict == Verdict(DomainState.DEGRADED, Problem.PROOF_MISSING):
        return Verdict(DomainState.DEGRADED, Problem.PROOF_LOST)
    if domain.problem == Problem.CERTIFICATE_ENDS and verdict.state == DomainState.LIVE:
        return Verdict(DomainState.DEGRADED, Problem.CERTIFICATE_ENDS)  # until another certificate is seen
    return verdict


def _certified(domain: Domain, shown: Certificate | None, *, now: datetime) -> Verdict:
    if shown is not None:
        domain.certificate_from, domain.certificate_until = shown.starts, shown.ends
    if domain.state == DomainState.CERT_ISSUING:
        return Verdict(DomainState.LIVE) if shown else Verdict(DomainState.CERT_ISSUING, Problem.CERTIFICATE)
    problem = domain_rules.problem_of_certificate(domain.certificate_from, domain.certificate_until, now=now)
    return Verdict(DomainState.DEGRADED if problem else DomainState.LIVE, problem)


def _needs_certificate() -> bool:
    return settings.PUBLIC_SCHEME == "https"


def _take_over(domain: Domain, *, now: datetime) -> bool:
    """Whether the host is free for who has just proved it: nobody holds it, or somebody from whom its DNS has moved away."""
    held = Domain.objects.select_for_update(of=["self"]).filter(domain=domain.domain, verified_at__isnull=False)
    holder = held.exclude(pk=domain.pk).select_related("tenant").first()
    if holder is None:
        return True
    if holder.is_served or holder.state == DomainState.BLOCKED:
        return False
    if holder.is_primary and not _move_primary(holder, now=now):
        return False
    release(holder, by="DNS", now=now, why="proved anew by somebody else")
    with context.organization_context(holder.tenant):
        host_lost.send(Domain, host=holder.domain)
    return True


def _move_primary(domain: Domain, *, now: datetime) -> bool:
    """Let another host of the same organization be the primary one; False when it has none."""
    others = [other for other in domain.tenant.domains.exclude(pk=domain.pk) if other.is_served]
    if not others:
        return False
    first = min(others, key=lambda other: (other.branch_id is not None, not other.is_the_platforms, other.domain))
    before = first.branch_id
    first.is_primary, first.redirects_at, first.branch_id = True, None, None
    first.save()  # and no other one is primary any more
    if before is not None:
        _note_branch(first, before, by="DNS", now=now)
    domain.is_primary = False
    return True


def _check_no_branchs(domain: Domain) -> None:
    if domain.branch_id is not None:
        raise ConflictError(
            "domain_branchs", translate("This web address belongs to a branch. Take it from the branch first.")
        )


def _check_stays_reachable(organization: Organization, domain: Domain) -> None:
    """The last host of the platform's that is nobody's branch stays, because it is where an organization is met that may have no other one."""
    others = organization.domains.exclude(pk=domain.pk).filter(branch_id=None)
    if domain.is_the_platforms and not any(other.is_the_platforms and other.is_served for other in others):
        raise DomainError(
            "host_reserved", translate("This web address stays: it is the way in if your own fails."), field="branch"
        )


def _note_branch(domain: Domain, before: UUID | None, *, by: Author, now: datetime) -> None:
    with context.organization_context(domain.tenant):
        names = branch_names.names_in_force()
    told = [names.get(branch, str(branch)) if branch else None for branch in (before, domain.branch_id)]
    changes = {"branch": told}
    note(domain, PlatformAudit.DOMAIN_BRANCH, DomainAudit.HOST_BRANCH_CHANGED, by=by, now=now, changes=changes)
    with context.organization_context(domain.tenant):
        host_branch_changed.send(Domain, host=domain.domain)


def _check_not_ours(name: str, by: Author) -> None:
    """The platform's own names are handed out by operators only, and those of its edge by nobody."""
    edge = host_names.normalize(settings.EDGE_DOMAIN)
    ours = {edge, host_names.normalize(settings.PLATFORM_DOMAIN)}
    below_ours = host_names.is_child(name, settings.PLATFORM_DOMAIN) and not isinstance(by, str)
    if name in ours or host_names.is_below(name, edge) or below_ours:
        message = translate(
            "%(host)s is not yours to use. Enter a name below a domain of your own.", host=host_names.shown(name)
        )
        raise DomainError("host_reserved", message, field="host")


def _check_zone(name: str, resolver: Resolver) -> None:
    """A name that cannot work is refused at once, where the DNS says so with certainty."""
    if host_names.is_child(name, settings.PLATFORM_DOMAIN):
        return
    zone = resolver.zone(name)
    if not zone.is_certain:
        return
    top = name.rpartition(".")[2]
    if top not in UNREGISTERED and (not zone.records or "." not in zone.records[0]):
        message = translate(
            "There is no domain for %(host)s in the DNS. Is it spelled right, and registered?",
            host=host_names.shown(name),
        )
        raise DomainError("host_unregistered", message, field="host")
    if zone.records and dns_companies.is_parked(resolver.name_servers(zone.records[0]).records):
        message = translate(
            "%(domain)s is parked: no records can be set there. Move it to a DNS company first.",
            domain=host_names.shown(zone.records[0]),
        )
        raise DomainError("host_parked", message, field="host")


def _check_free(organization: Organization, name: str) -> None:
    same = Domain.objects.filter(domain=name).exclude(state=DomainState.RELEASED)
    if same.filter(state=DomainState.BLOCKED).exists():
        message = translate("%(host)s cannot be used. Ask support why.", host=host_names.shown(name))
        raise DomainError("host_blocked", message, field="host")
    held = same.filter(Q(tenant=organization) | Q(verified_at__isnull=False)).exclude(
        ~Q(tenant=organization), state=DomainState.DEGRADED
    )
    if held.exists():
        raise _taken(name)
    if organization.domains.exclude(state=DomainState.RELEASED).count() >= MOST_HOSTS:
        raise DomainError(
            "hosts_too_many",
            translate("There are %(most)s web addresses already. Remove one first.", most=MOST_HOSTS),
            field="host",
        )


def _give_edge_label(organization: Organization) -> None:
    if not organization.edge_label:
        organization.edge_label = domain_records.new_edge_label()
        organization.save(update_fields=["edge_label"])


def _check_reason(reason: str, message: str) -> None:
    if not reason.strip():
        raise DomainError("reason_missing", message, field="reason")


def _state_wrong() -> ConflictError:
    return ConflictError(
        "state_wrong", translate("This web address has changed meanwhile. Look at it, then try again.")
    )


def _taken(name: str) -> ConflictError:
    return ConflictError(
        "domain_taken", translate("%(host)s is in use already.", host=host_names.shown(name)), field="host"
    )

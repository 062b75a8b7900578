"""What the pages about the organization's hosts show: records beside what the DNS says of them, states, and what follows a change."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branding.queries import active_branches, branches
from core.kernel import clock
from core.people.passkeys import left_behind, who_need
from portal.records_link import records_link
from tenants import host_names
from tenants.domain_rules import PENDING, DomainState, Problem
from tenants.models import Domain

_STEPS = (DomainState.REQUESTED, DomainState.OWNERSHIP_VERIFIED, DomainState.CERT_ISSUING, DomainState.LIVE)


def row(domain: Domain) -> dict[str, Any]:
    """One host in the list."""
    state = DomainState(domain.state)
    now = clock.now()
    redirects = domain.redirects_at is not None and not domain.is_primary and domain.is_served
    return {
        "domain": domain,
        "shown": host_names.shown(domain.domain),
        "url": reverse("settings:domain", args=[domain.pk]),
        "state": state.sentence,
        "tone": state.tone,
        "problem": _problem(domain),
        "is_served": domain.is_served,
        "branch": branch_label(domain),
        "leads_on": redirects and domain.redirects_at <= now,  # type: ignore[operator]
        "leads_on_at": domain.redirects_at if redirects and domain.redirects_at > now else None,  # type: ignore[operator]
    }


def page(domain: Domain) -> dict[str, Any]:
    """The host's own page, without what the DNS says."""
    state = DomainState(domain.state)
    return {
        **row(domain),
        "is_pending": state in PENDING,
        "is_live": state == DomainState.LIVE,
        "is_detaching": state == DomainState.DETACHING,
        "can_have_branch": branch_choices(domain)
        and not domain.is_primary
        and state not in (DomainState.DETACHING, DomainState.BLOCKED),
        "can_lead_on": domain.is_served
        and not domain.is_primary
        and domain.branch_id is None
        and state != DomainState.DETACHING,
        "can_be_removed": not domain.is_primary
        and not domain.is_the_platforms
        and state not in (DomainState.DETACHING, DomainState.BLOCKED),
        "steps": _steps(state) if state in PENDING else [],
        **records_link(),
    }


def branch_label(domain: Domain) -> str:
    """What the branch that has the host is called; empty for the organization itself."""
    branch = branches().get(domain.branch_id) if domain.branch_id else None
    return branch.label if branch else ""


def branch_choices(domain: Domain) -> bool:
    """Whether there is anything to choose: a branch that is met, or one that the host is to be taken from."""
    return bool(active_branches()) or domain.branch_id is not None


def consequences(domain: Domain) -> list[str]:
    """What a change of the primary host means for what belongs to a host, before it is made."""
    passkeys = len(left_behind(domain.domain))
    told = [
        _("Links in mail, files and calendars lead to %(host)s from now on.")
        % {"host": host_names.shown(domain.domain)},
        _(
            "Links in mail that people have already go on working: the address before leads to the new one, to the same page."
        ),
        _(
            "Everybody signs in once more, because a sign-in belongs to its web address. What is open in a browser stays open until it is closed."
        ),
        _("Entries in calendars keep their identity; nothing appears twice."),
    ]
    if passkeys:
        told.append(
            ngettext(
                "%(number)s person has a passkey, which belongs to the address where it was made. They are told by mail: when they sign in here by "
                "their password, they confirm with it at the address before, as long as that is kept, and add another one here.",
                "%(number)s people have a passkey, which belongs to the address where it was made. They are told by mail: when they sign in here by "
                "their password, they confirm with it at the address before, as long as that is kept, and add another one here.",
                passkeys,
            )
            % {"number": passkeys}
        )
    return told


def lost_with(domain: Domain) -> str:
    """What the removal of a host means for passkeys."""
    people = len(who_need(domain.domain))
    return (
        ngettext(
            "%(number)s person has a passkey that works only at this address, and needs a recovery code afterwards to sign in.",
            "%(number)s people have a passkey that works only at this address, and need a recovery code afterwards to sign in.",
            people,
        )
        % {"number": people}
        if people
        else ""
    )


def _problem(domain: Domain) -> str:
    return Problem(domain.problem).sentence if domain.problem in list(Problem) else ""


def _steps(state: DomainState) -> list[dict[str, str]]:
    labels = (_("Set the records"), _("It is yours"), _("It has a certificate"), _("Live"))
    reached = {
        DomainState.REQUESTED: 0, DomainState.AWAITING_DNS: 0, DomainState.OWNERSHIP_VERIFIED: 1, DomainState.CERT_ISSUING: 2
    }[state]  # fmt: skip
    return [
        {"label": label, "state": "done" if number < reached else "current" if number == reached else "next"}
        for number, label in enumerate(labels)
    ]

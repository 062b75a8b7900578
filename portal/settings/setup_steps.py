"""What an organization sets up among the settings before it is live: brand, words, web address, sender."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branding.models import Brand, BrandDraft
from branding.senders.models import Sender
from branding.senders.rules.sender_state import IN_USE, State
from core.people.roles import Permission
from portal.setup_steps import Look, SetupStep, StepState
from tenants import domains, entitlements, host_names
from tenants.context import current_organization
from tenants.domain_rules import PENDING, DomainState, Problem

_BY_DOMAIN = Q(way=Sender.Way.DOMAIN, domain_state__in=IN_USE)
_BY_SERVER = Q(way=Sender.Way.SERVER, server_works=True)


def look_at_hosts() -> Look:
    """Done once links lead to a host of the organization's own; the one that is furthest says how far it is."""
    own = [host for host in domains.hosts_of(current_organization().pk) if not host.is_the_platforms]
    by_state = {DomainState(host.state): host for host in reversed(own)}
    if broken := by_state.get(DomainState.DEGRADED):
        why = Problem(broken.problem).sentence if broken.problem in list(Problem) else ""
        return Look(StepState.WRONG, why)
    if live := by_state.get(DomainState.LIVE):
        if any(host.is_primary for host in own):
            return Look(StepState.DONE)
        values = {"host": host_names.shown(live.domain)}
        return Look(StepState.TO_DO, _("%(host)s is live. Make it the primary one, so that links lead to it.") % values)
    waiting = next((host for host in own if host.state in PENDING), None)
    if waiting is None:
        return Look(StepState.TO_DO)
    values = {"host": host_names.shown(waiting.domain)}
    return Look(StepState.WAITING, _("The records of %(host)s are awaited. Nobody needs to stay on the page.") % values)


STEPS = (
    SetupStep(
        "brand", _("Show your logo"), _("Logo, colours and letters: pages, mail and documents take them on at once."),
        "palette", "settings:brand", 10, 5, Permission.MANAGE_ORGANIZATION,
        done=lambda: Brand.objects.filter(is_current=True).exclude(logo=""),
        waiting=BrandDraft.objects.all,
        whys={
            StepState.TO_DO: _("There is no logo yet; your name stands in its place."),
            StepState.WAITING: _("A draft is begun. Nobody sees it before you publish it."),
        },
    ),
    SetupStep(
        "words", _("Choose your words"), _("What you call the people you work with, and what you do for them."),
        "languages", "settings:words", 20, 3, Permission.MANAGE_ORGANIZATION,
        done=lambda: Brand.objects.filter(is_current=True).exclude(words={}),
        whys={StepState.TO_DO: _("The words of your field are used as they come. If they fit, skip this step.")},
    ),
    SetupStep(
        "domain", _("Connect your web address"), _("People reach you under a name of your own, like care.your-name.com."),
        "globe", "settings:domains", 30, 10, Permission.MANAGE_HOSTS,
        look=look_at_hosts, offered=lambda: entitlements.allows(entitlements.OWN_HOST),
    ),
    SetupStep(
        "sender", _("Send mail in your own name"), _("Mail comes from your own address, signed, so that it arrives."),
        "send", "settings:sender", 40, 10, Permission.MANAGE_SENDER,
        offered=lambda: entitlements.allows(entitlements.OWN_SENDER),
        done=lambda: Sender.objects.filter(_BY_DOMAIN | _BY_SERVER, is_current=True),
        waiting=lambda: Sender.objects.filter(is_current=True).exclude(domain_address="", server_address=""),
        wrong=lambda: Sender.objects.filter(is_current=True).filter(
            Q(way=Sender.Way.DOMAIN, domain_state=State.BROKEN) | Q(way=Sender.Way.SERVER, server_works=False)
        ),
        whys={
            StepState.TO_DO: _("Mail leaves from a neutral address, with your name."),
            StepState.WAITING: _("Begun: records or the mailbox are still to be shown. Until then mail leaves neutrally."),
            StepState.WRONG: _("What you have set up cannot be used at present. Mail leaves neutrally meanwhile."),
        },
    ),
)  # fmt: skip

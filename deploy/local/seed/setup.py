"""How far each organization of the demo is in its setup guide: one is in the middle, the other has done or skipped everything."""

from datetime import datetime
from urllib.error import URLError

from django.conf import settings

from core.people.models import User
from core.setup.actions import skip_step
from deploy.local.seed.practices import Practice
from deploy.local.seed.sender import publish
from portal import manifests
from tenants import domains
from tenants.context import current_organization


def go_on(practice: Practice, *, now: datetime, names_port: int) -> None:
    """Ask for the web address, where the demo has a name server of its own to say that there is such a domain; skip what is not wanted."""
    owner = User.objects.get(staff_member__role="owner")
    titles = {step.key: str(step.title) for step in manifests.setup_steps()}
    for key in practice.skipped:
        skip_step(key, title=titles[key], by=owner, now=now)
    if practice.own_host and settings.DNS_SERVERS and _is_registered(practice.own_host, names_port):
        domains.add_domain(current_organization().pk, host=practice.own_host, by=owner, now=now)


def _is_registered(host: str, names_port: int) -> bool:
    zone = host.partition(".")[2]
    try:
        publish(
            [f"{zone}. SOA ns1.dns-company.example. hostmaster.{zone}. 1 3600 600 86400 5"],
            f"http://127.0.0.1:{names_port}/",
        )
    except (URLError, OSError):
        return False
    return True

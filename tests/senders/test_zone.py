"""What the operator publishes is what the domains of organizations need."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from branding.senders import actions
from branding.senders.models import SigningKey
from branding.senders.queries import current_sender
from branding.senders.records import stored
from core.kernel import clock
from tests.factories.mail_domain import ADDRESS, ZONE, publish_domain


def printed():
    out = StringIO()
    call_command("mail_zone", stdout=out)
    return out.getvalue()


def test_printed_zone_makes_every_record_right(cast, dns, post, settings):
    settings.MAIL_SERVERS = ["192.0.2.7", "2001:db8::/64", "include:relay.example"]
    actions.name_domain(ADDRESS, by=cast.nora)
    zone = printed()
    dns.zones.read(zone)
    dns.zones.text("relay.example", "v=spf1 ip4:198.51.100.7 -all")
    publish_domain(dns)
    actions.check_domain(now=clock.now())

    assert "ip4:192.0.2.7 ip6:2001:db8::/64 include:relay.example -all" in zone
    assert all(len(part) <= 255 for line in zone.splitlines() for part in line.split('"')[1::2])
    assert {record.found for record in stored(current_sender().domain_found)} == {"right"}
    assert current_sender().domain_state == "verified"


def test_names_in_it_say_nothing_of_whose_they_are(cast, dns, post):
    actions.name_domain(ADDRESS, by=cast.nora)
    names = [line.split()[0] for line in printed().splitlines()]
    assert all(name.endswith(f"{ZONE}.") for name in names)
    assert not [name for name in names if "north" in name or "clinic" in name]
    assert len({key.selector[:-1] for key in SigningKey.objects.all()}) == 1


def test_without_a_zone_it_says_so(cast, settings):
    settings.MAIL_ZONE = ""
    with pytest.raises(CommandError, match="MAIL_ZONE"):
        printed()

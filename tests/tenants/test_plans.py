"""Plans, and what an operator decides beside them: checked when something is begun and when it is used; nothing is deleted."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from branding.senders import actions as senders
from branding.senders.models import Sender
from branding.senders.queries import current_sender, identity_of
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from tenants import context, domains, entitlements, hosts, plans
from tenants.entitlements import BILLING, OWN_HOST, OWN_SENDER, WHITE_LABEL_ITEMS
from tenants.models import Domain, Entitlement, EntitlementOverride, OrganizationEvent

BY = {"by": "operator@vendor.test"}
OWN = "clinic.example.org"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "white-label.md"


@pytest.fixture
def live_host(cast):
    """North's own host, live and primary, beside the one that it was given."""
    added = domains.add_domain(cast.north.pk, host=OWN, now=clock.now(), **BY)
    with context.public_context():
        Domain.objects.filter(pk=added.pk).update(state="live", verified_at=clock.now())
    return domains.make_primary(cast.north.pk, added.pk, now=clock.now(), **BY)


@pytest.fixture
def own_server(cast):
    return Sender.objects.create(
        way="server", server_works=True, server_address="hello@clinic.example.org", server_host="smtp.example.org"
    )


def fresh():
    """North as a request finds it."""
    return hosts.find_organization("north.test")


def decide(cast, code=OWN_HOST, *, is_on=False, **details):
    details = {"reason": "Asked for"} | details
    return plans.set_entitlement(cast.north.pk, code=code, is_on=is_on, now=clock.now(), **details, **BY)


def test_changed_plan_changes_entitlements_at_once(db, south):
    with context.organization_context(hosts.find_organization("south.test")):
        assert entitlements.allows("white_label")
        assert entitlements.limit("staff") is None

    plans.change_plan(south.pk, plan="free", now=clock.now(), **BY)

    with context.organization_context(hosts.find_organization("south.test")):
        assert not entitlements.allows("white_label")
        assert entitlements.limit("staff") == 2
        with pytest.raises(DomainError, match="not part of your plan"):
            entitlements.require("billing", "Billing is not part of your plan.")


def test_changed_entitlement_of_a_plan_arrives_too(db, south):
    before = hosts.find_organization("south.test")
    with context.public_context():
        Entitlement.objects.create(plan_id=before.plan_id, code="telepathy")

    with context.organization_context(hosts.find_organization("south.test")):
        assert entitlements.allows("telepathy")


@pytest.mark.parametrize(("plan", "code"), [("gold", "plan_unknown"), ("enterprise", "plan_same")])
def test_wrong_plan_is_refused(db, south, plan, code):
    with pytest.raises(DomainError) as refused:
        plans.change_plan(south.pk, plan=plan, now=clock.now(), **BY)

    assert refused.value.code == code


def test_entitlement_check_on_a_warm_request_asks_no_question(db, south, django_assert_num_queries):
    with context.organization_context(hosts.find_organization("south.test")), django_assert_num_queries(0):
        hosts.find_organization("south.test")
        assert entitlements.allows("billing")


def test_smaller_plan_deletes_nothing_and_begins_nothing(cast, live_host, own_server):
    plans.change_plan(cast.north.pk, plan="practice", now=clock.now(), **BY)

    with context.organization_context(fresh()):
        assert not entitlements.allows(OWN_HOST) and entitlements.keeps(OWN_HOST)
        assert identity_of(current_sender()).address == "hello@clinic.example.org"
        for refused in (
            lambda: senders.name_domain("hello@clinic.example.org", by=cast.nora),
            lambda: senders.choose_way("server", by=cast.nora),
        ):
            with pytest.raises(DomainError) as error:
                refused()
            assert error.value.code == "not_in_plan"
    with pytest.raises(DomainError, match="white label"):
        domains.add_domain(cast.north.pk, host="other.example.org", now=clock.now(), **BY)
    assert domains.find(cast.north.pk, live_host.pk).is_primary


def test_sender_from_before_there_was_a_plan_for_it_goes_on_for_the_overlap(cast, own_server):
    plans.change_plan(cast.north.pk, plan="practice", now=clock.now(), **BY)
    with context.public_context():
        EntitlementOverride.objects.all().delete()
        import_module("tenants.migrations.0013_own_senders_go_on").begin_overlap(apps, None)
    hosts.forget_all()
    with context.organization_context(fresh()):
        assert not entitlements.allows(OWN_SENDER) and entitlements.keeps(OWN_SENDER)
        assert identity_of(current_sender()).address == "hello@clinic.example.org"


def test_after_the_overlap_the_host_leads_to_the_given_one_and_mail_is_neutral(
    cast, live_host, own_server, moved_clock, client, settings
):
    plans.change_plan(cast.north.pk, plan="practice", now=clock.now(), **BY)
    moved_clock(timedelta(days=29))
    plans.settle(fresh(), now=clock.now())
    assert domains.find(cast.north.pk, live_host.pk).is_primary

    moved_clock(timedelta(days=31))
    plans.settle(fresh(), now=clock.now())
    plans.settle(fresh(), now=clock.now())

    own = domains.find(cast.north.pk, live_host.pk)
    assert own.verified_at and own.state == "live" and not own.is_primary
    answer = client.get("/help/", headers={"host": OWN})
    assert answer.status_code == 308 and "north.test" in answer["Location"]
    with context.organization_context(fresh()):
        assert identity_of(current_sender()).way == "neutral"
        assert current_sender().server_host == "smtp.example.org"
    with pytest.raises(DomainError, match="another plan"):
        domains.make_primary(cast.north.pk, own.pk, now=clock.now(), **BY)
    with pytest.raises(DomainError, match="another plan"):
        domains.redirect_domain(cast.north.pk, own.pk, redirects=False, now=clock.now(), **BY)
    with context.public_context():
        assert OrganizationEvent.objects.filter(action="domain.made_primary", actor="System").count() == 1


def test_larger_plan_brings_everything_back(cast, live_host, own_server, moved_clock):
    plans.change_plan(cast.north.pk, plan="practice", now=clock.now(), **BY)
    moved_clock(timedelta(days=31))
    plans.settle(fresh(), now=clock.now())
    plans.change_plan(cast.north.pk, plan="enterprise", now=clock.now(), **BY)

    domains.make_primary(cast.north.pk, live_host.pk, now=clock.now(), **BY)
    with context.organization_context(fresh()):
        assert identity_of(current_sender()).address == "hello@clinic.example.org"


def test_larger_plan_within_the_overlap_is_whole_at_once(cast, live_host):
    plans.change_plan(cast.north.pk, plan="practice", now=clock.now(), **BY)
    plans.change_plan(cast.north.pk, plan="enterprise", now=clock.now(), **BY)
    with context.organization_context(fresh()):
        assert entitlements.allows(OWN_HOST) and entitlements.allows(OWN_SENDER)


def test_operator_gives_what_the_plan_has_not_until_a_day(cast, moved_clock):
    plans.change_plan(cast.north.pk, plan="free", now=clock.now(), **BY)
    decide(cast, BILLING, is_on=True, until=clock.now() + timedelta(days=7))
    decide(cast, "staff", is_on=True, limit=9)
    with context.organization_context(fresh()):
        assert entitlements.allows(BILLING) and entitlements.limit("staff") == 9

    moved_clock(timedelta(days=8))
    with context.organization_context(fresh()):
        assert not entitlements.allows(BILLING) and entitlements.limit("staff") == 9
    plans.drop_entitlement(cast.north.pk, code="staff", now=clock.now(), **BY)
    plans.drop_entitlement(cast.north.pk, code="staff", now=clock.now(), **BY)
    with context.organization_context(fresh()):
        assert entitlements.limit("staff") == 2


def test_operator_takes_a_host_away_with_an_overlap_or_at_once(cast, live_host):
    decide(cast, OWN_HOST)
    assert domains.find(cast.north.pk, live_host.pk).is_primary
    decide(cast, OWN_HOST, at_once=True)
    assert not domains.find(cast.north.pk, live_host.pk).is_primary


def test_decision_is_noted_for_operators_with_its_author_and_for_the_organization_without(cast):
    decide(cast, OWN_SENDER, reason="Unpaid ‮<b>💈")
    with context.public_context():
        noted = OrganizationEvent.objects.get(action="organization.entitlement_changed")
    assert (noted.actor, noted.note) == (BY["by"], "Unpaid ‮<b>💈")
    own = AuditEvent.objects.get(action="entitlement.changed")
    assert own.actor_label == "Support" and "Unpaid" not in str(own.changes)


@pytest.mark.parametrize(
    ("details", "code"),
    [({"reason": " "}, "reason_missing"), ({"until": clock.now() - timedelta(days=1)}, "until_past")],
)
def test_decision_that_makes_no_sense_is_refused(cast, details, code):
    with pytest.raises(DomainError) as refused:
        decide(cast, **details)
    with context.public_context():
        assert refused.value.code == code and not EntitlementOverride.objects.exists()


def test_unknown_entitlement_is_refused(cast):
    with pytest.raises(DomainError) as refused:
        decide(cast, "hide_vendor", is_on=True)
    assert refused.value.code == "entitlement_unknown"


def test_every_item_of_white_label_is_written_down():
    written = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(), re.MULTILINE)
    assert sorted(written) == sorted(WHITE_LABEL_ITEMS)

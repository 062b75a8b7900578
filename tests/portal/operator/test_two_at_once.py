"""Two operators, two clicks, a session that has ended: the console's forms hold as the others do."""

from tenants.context import public_context
from tenants.models import Domain, Organization
from tenants.operators.models import OperatorSession
from tests.factories.pages import fields_of


def test_form_sent_twice_is_done_once(console, north):
    address = f"/organizations/{north.pk}/hosts/new/"
    form = fields_of(console.get(address)) | {"host": "twice.example.test"}
    first, second = console.post(address, form), console.post(address, form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    with public_context():
        assert Domain.objects.filter(domain="twice.example.test").count() == 1


def test_plan_that_another_operator_has_changed_is_not_changed_unseen(console, north):
    address = f"/organizations/{north.pk}/plan/"
    tabs = [fields_of(console.get(address)) for _ in range(2)]
    other = "free" if north.plan_id != "free" else "practice"
    assert console.post(address, tabs[0] | {"plan": other, "reason": "Asked for"}).status_code == 302
    refused = console.post(address, tabs[1] | {"plan": north.plan_id, "reason": "Late"})

    assert refused.status_code == 422
    assert "Somebody has changed this organization meanwhile" in refused.content.decode()
    with public_context():
        assert Organization.objects.get(pk=north.pk).plan_id == other
    assert console.post(address, fields_of(refused)).status_code == 302


def test_part_of_a_page_sends_the_whole_page_to_sign_in(console, north):
    with public_context():
        OperatorSession.objects.all().delete()
    answer = console.get(f"/organizations/{north.pk}/provisioning/", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/")

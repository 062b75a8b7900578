"""Two people with the same form open: what only one changed is kept, and the second reads what both have changed."""

import re

import pytest
from django.urls import reverse

from billing.actions import invoices
from billing.actions.invoices import Item
from billing.models import Invoice, Payment
from branding.models import BrandDraft
from core.kernel.money import Money
from core.people import grants
from core.people.models import Client, StaffMember
from core.people.roles import ADMINISTRATOR
from core.scheduling.models import Appointment
from portal import versions
from portal.scheduling.versions import version_of_drag
from tests.factories.brand import brand_fields
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.till import issue

JSON = {"accept": "application/json"}
NOTE = "Allergic to penicillin.\nCall the mother first."


@pytest.fixture
def two(cast, visit):
    """`two(address)` -> two browsers, each with the same page's fields: Nora's and Sam's."""
    Client.objects.filter(pk=cast.cleo.pk).update(additional_information=NOTE, phone="1")
    StaffMember.objects.filter(user=cast.sam).update(role=ADMINISTRATOR.code)
    browsers = visit(cast.nora), visit(cast.sam)
    return lambda address: [(browser, fields_of(browser.get(address))) for browser in browsers]


@pytest.fixture
def change(cast):
    return reverse("people:client_change", args=[cast.cleo.pk])


def cleo(cast):
    return Client.objects.get(pk=cast.cleo.pk)


def test_stale_tab_does_not_empty_a_colleagues_note(cast, two, change):
    Client.objects.filter(pk=cast.cleo.pk).update(additional_information="")
    (nora, hers), (sam, his) = two(change)
    nora.post(change, hers | {"additional_information": NOTE + " And latex."})
    answer = sam.post(change, his | {"phone": "2"})

    assert answer.status_code == 302
    assert (cleo(cast).additional_information.replace("\r", ""), cleo(cast).phone) == (NOTE + " And latex.", "2")
    assert "Meanwhile Nora North has changed: Additional information" in sam.get("/clients/").content.decode()


def test_both_changed_the_same_field_shows_who_and_what_and_keeps_what_was_typed(cast, two, change):
    (nora, hers), (sam, his) = two(change)
    nora.post(change, hers | {"phone": "111"})
    refused = sam.post(change, his | {"phone": "222", "email": "cleo@new.test"})

    [error] = refused.context["form"].errors["phone"]
    assert refused.status_code == 422
    assert re.match(r"Nora North changed this to “111” \(.+\)\. Send the form again to write yours instead\.", error)
    assert cleo(cast).phone == "111"
    again = fields_of(refused)
    assert (again["phone"], again["email"]) == (["222"], ["cleo@new.test"])

    assert sam.post(change, again).status_code == 302
    assert (cleo(cast).phone, cleo(cast).email) == ("222", "cleo@new.test")


def test_third_change_after_the_refusal_is_refused_again(cast, two, change):
    (nora, hers), (sam, his) = two(change)
    nora.post(change, hers | {"phone": "111"})
    again = fields_of(sam.post(change, his | {"phone": "222"}))
    nora.post(change, fields_of(nora.get(change)) | {"phone": "333"})

    assert "333" in sam.post(change, again).context["form"].errors["phone"][0]


def test_field_that_was_wrong_is_compared_when_it_comes_again(cast, two, change):
    (nora, hers), (sam, his) = two(change)
    nora.post(change, hers | {"email": "nora@new.test", "phone": "9"})
    refused = sam.post(change, his | {"email": "no address"})
    assert list(refused.context["form"].errors) == ["email"]
    second = sam.post(change, fields_of(refused) | {"email": "sam@new.test"})

    assert "nora@new.test" in second.context["form"].errors["email"][0]
    assert cleo(cast).phone == "9"


def test_same_change_by_both_is_no_conflict(cast, two, change):
    (nora, hers), (sam, his) = two(change)
    assert [
        browser.post(change, form | {"phone": "5"}).status_code for browser, form in ((nora, hers), (sam, his))
    ] == [302, 302]


def test_damaged_version_is_refused_and_nothing_typed_is_lost(cast, two, change):
    (nora, hers), _ = two(change)
    refused = nora.post(change, hers | {"phone": "7", versions.FIELD: "x" + hers[versions.FIELD][0]})

    assert refused.status_code == 422
    assert "too old to be sent as it is" in refused.content.decode()
    assert fields_of(refused)["phone"] == ["7"]
    assert nora.post(change, fields_of(refused)).status_code == 302


def test_version_tells_nothing_of_what_it_stands_for(two, change):
    (_, hers), _ = two(change)
    assert "penicillin" not in hers[versions.FIELD][0]


def test_permissions_ticked_by_two_are_merged_one_by_one(cast, two):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "see_history"])
    address = reverse("people:client_permissions", args=[cast.cleo.pk])
    (nora, hers), (sam, his) = two(address)
    nora.post(address, hers | {"permissions": ["see_upcoming", "see_history", "see_payments"]})
    sam.post(address, his | {"permissions": ["see_upcoming", "cancel_appointments"]})

    assert set(cleo(cast).permissions) == {"see_upcoming", "see_payments", "cancel_appointments"}


def test_clients_given_to_an_agent_by_two_are_all_in_their_care(cast, two):
    first, second = make_client("Otto"), make_client("Ida")
    address = reverse("people:agent", args=[cast.ada.agent.pk])
    (nora, hers), (sam, his) = two(address)
    nora.post(address, hers | {"clients": [*hers.get("clients", []), str(first.pk)]})
    sam.post(address, his | {"clients": [*his.get("clients", []), str(second.pk)]})

    assert {first, second} <= set(grants.granted(cast.ada, grants.AUDIT_CLIENT, Client))


def test_moved_meanwhile_is_not_moved_over(cast, visit):
    appointment = book(cast, at=tomorrow(9))
    address = reverse("scheduling:move", args=[appointment.pk])
    tess, nora = visit(cast.tess), visit(cast.nora)
    form, hers = fields_of(tess.get(address)), fields_of(nora.get(address))
    assert nora.post(address, hers | {"time": "11:00"}).status_code == 302
    refused = tess.post(address, form | {"minutes": "60"})

    assert refused.status_code == 422
    assert "Nora North has changed this meanwhile" in refused.content.decode()
    assert "11:00" in refused.content.decode()
    assert Appointment.objects.get(pk=appointment.pk).minutes == appointment.minutes
    assert tess.post(address, fields_of(refused)).status_code == 302


def test_dragging_what_somebody_else_has_moved_is_refused(cast, visit):
    appointment = book(cast, at=tomorrow(9))
    version = version_of_drag(appointment, user=cast.tess)
    address, tess = reverse("scheduling:move", args=[appointment.pk]), visit(cast.tess)
    drag = {
        "date": tomorrow(9).date(),
        "time": "13:00",
        "minutes": "45",
        "time_zone": "Europe/Berlin",
        versions.FIELD: version,
    }
    visit(cast.nora).post(address, drag | {"time": "11:00", versions.FIELD: ""})
    answer = tess.post(address, drag, headers=JSON)

    assert answer.status_code == 409
    assert "Nora North has changed this meanwhile" in answer.json()["message"]


def test_events_of_the_calendar_carry_their_version(cast, visit):
    book(cast, at=tomorrow(9))
    asked = {"start": tomorrow(0).isoformat(), "end": tomorrow(23).isoformat()}
    [row] = visit(cast.tess).get(reverse("scheduling:events"), asked).json()
    assert visit(cast.tess).post(row["move"], {"date": tomorrow(9).date(), "time": "14:00", "minutes": "45",
        "time_zone": "Europe/Berlin", versions.FIELD: row["version"]}, headers=JSON).status_code == 200  # fmt: skip


def test_payment_noted_meanwhile_is_not_noted_again(till, visit):
    invoice = issue(till)
    address = reverse("billing:invoice-payment", args=[invoice.pk])
    nora = visit(till.nora)
    tabs = [fields_of(nora.get(address)) for _ in range(2)]
    nora.post(address, tabs[0] | {"price": "40", "means": "cash"})
    refused = nora.post(address, tabs[1] | {"price": "40", "means": "transfer"})

    assert refused.status_code == 422
    assert Payment.objects.count() == 1


def test_price_of_a_service_is_not_reset_by_a_stale_tab(till, visit):
    address = reverse("billing:service", args=[till.therapy.pk])
    nora = visit(till.nora)
    tabs = [fields_of(nora.get(address)) for _ in range(2)]
    nora.post(address, tabs[0] | {"price": "95"})
    assert nora.post(address, tabs[1] | {"description": "At home"}).status_code == 302
    till.therapy.refresh_from_db()
    assert (till.therapy.price.amount, till.therapy.description) == (9500, "At home")

    assert "95" in nora.post(address, tabs[1] | {"price": "70"}).context["form"].errors["price"][0]


def test_rate_set_meanwhile_is_not_overwritten(till, visit):
    address = reverse("billing:rate-new")
    nora = visit(till.nora)
    tabs = [fields_of(nora.get(address)) for _ in range(2)]
    rate = {"client": str(till.cora.pk), "service": str(till.therapy.pk)}
    nora.post(address, tabs[0] | rate | {"price": "40"})
    refused = nora.post(address, tabs[1] | rate | {"price": "50"})

    assert "40" in refused.context["form"].errors["price"][0]
    assert nora.post(address, fields_of(refused)).status_code == 302


def test_brand_keeps_both_changes_and_an_uploaded_logo(cast, two):
    (nora, hers), (sam, _) = two("/profile/")
    address = "/settings/"
    first, second = fields_of(nora.get(address), address), fields_of(nora.get(address), address)
    nora.post(address, first | {"tagline": "New line"})
    assert nora.post(address, second | {"name": "New name"}).status_code == 302
    draft = BrandDraft.objects.get()
    assert (draft.tagline, draft.name) == ("New line", "New name")
    assert set(brand_fields()) <= set(first)


def test_form_without_a_version_is_taken_as_it_is(cast, visit, change):
    """Pages of the release before carry none; whoever sends them saw what stood there."""
    nora = visit(cast.nora)
    form = fields_of(nora.get(change))
    del form[versions.FIELD]
    assert nora.post(change, form | {"phone": "8"}).status_code == 302
    assert cleo(cast).phone == "8"


def test_draft_whose_payer_was_changed_meanwhile_is_not_issued_unseen(till, visit):
    draft = invoices.draft_invoice(
        client=till.cora, items=[Item("Work", Money(5000, "EUR"))], by=till.nora, now=till.now
    )
    page, payer = reverse("billing:invoice", args=[draft.pk]), reverse("billing:invoice-payer", args=[draft.pk])
    issue_it, nora = reverse("billing:invoice-issue", args=[draft.pk]), visit(till.nora)
    stale = fields_of(nora.get(page), issue_it)
    other = {"payer": "", "name": "The school", "email": "school@example.test"}
    assert nora.post(payer, fields_of(nora.get(page), payer) | other).status_code == 302

    nora.post(issue_it, stale)
    draft.refresh_from_db()
    assert draft.state == Invoice.State.DRAFT
    assert "it is The school now" in nora.get(page).content.decode()
    nora.post(issue_it, fields_of(nora.get(page), issue_it))
    draft.refresh_from_db()
    assert draft.state == Invoice.State.OPEN

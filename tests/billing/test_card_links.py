"""Set-up links and linked customers, against the sandbox: what payers agree to, what staff see, and everything that comes late or twice."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from billing.actions import accounts, card_links, linked_customers
from billing.models import CardLink, CardMandate, Customer, SavedCard
from billing.queries.card_links import (
    cards_of_payers,
    digest_of,
    find_card_link,
    mandate_text,
    mandates_in_force,
    token_of,
)
from billing.queries.processor import saved_cards
from billing.rules import card_links as rules
from billing.rules.customer_ids import customer_id
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.models import Notice
from core.people import grants
from core.people.models import LinkedLogin
from core.people.roles import ClientPermission
from tenants.context import organization_context
from tests.rules_tables import rows

VISA = "pm_card_visa"


def moment(cell: str) -> datetime | None:
    return None if cell == "–" else datetime.strptime(f"2026 {cell}", "%Y %d %B %H:%M:%S")  # noqa: DTZ007 because all of them are alike


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("card-links"))
def test_state_of_a_link_follows_the_worked_table(row):
    looked, opened, saved, revoked = (moment(cell) for cell in row[:4])
    sent = datetime(2026, 3, 2, 9)  # noqa: DTZ001
    state = rules.state_at(
        looked, expires_at=sent + rules.LIFETIME, opened_at=opened, saved_at=saved, revoked_at=revoked
    )

    assert state == row[4]


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("customer-ids"))
def test_customer_ids_follow_the_worked_table(row):
    assert customer_id(row[0].strip("`")) == (None if row[1] == "–" else row[1].strip("`"))


def send(shop, client=None, payer=None) -> CardLink:
    return card_links.send_card_link(client=client or shop.cora, payer=payer or shop.gus, by=shop.nora, now=shop.now)


def agree(shop, link: CardLink, **more) -> CardLink:
    given = {"seen": digest_of(mandate_text(link)), "language": "en", "ip_address": "192.0.2.7", "now": shop.now}
    card_links.agree_and_begin(link=link, **(given | more))
    return CardLink.objects.get(pk=link.pk)


def give(shop, link: CardLink, card: str = VISA) -> None:
    """What the payer's browser does with the card fields."""
    options = {"stripe_account": shop.account.external_id}
    shop.processor.client.v1.setup_intents.confirm(
        link.setup_id, {"payment_method": card, "return_url": "http://x.test/"}, options
    )


def delivered(shop, hook) -> None:
    hook(shop.processor.delivered("setup_intent.succeeded")[0])


def test_payer_gets_the_link_agrees_saves_a_card_and_the_sender_is_told(shop):
    shop.now = clock.now()
    link = send(shop)
    outbox.deliver_due()
    written = mail.outbox[-1]
    assert written.to == ["Gus North <gus@north.test>"] and token_of(link) in written.body

    link = agree(shop, link)
    give(shop, link)
    card = card_links.finish_card_link(link=link, now=shop.now)

    assert str(card) == "Visa •••• 4242" and list(saved_cards(shop.gus)) == [card]
    mandate = mandates_in_force().get()
    assert (mandate.user, mandate.client, mandate.card, mandate.ip_address) == (shop.gus, shop.cora, card, "192.0.2.7")
    assert "Cora Winter" in mandate.text and mandate.version and mandate.given_at == shop.now
    assert Notice.objects.get(kind="card_saved_by_link").user_id == shop.nora.pk
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"card_link.sent", "card_mandate.given", "card_link.used", "card.kept"} <= actions


def test_event_alone_saves_the_card_and_page_and_event_save_it_once(shop, hook):
    link = agree(shop, send(shop))
    give(shop, link)

    delivered(shop, hook)
    delivered(shop, hook)
    card_links.finish_card_link(link=CardLink.objects.get(), now=shop.now)

    assert SavedCard.objects.count() == 1 and mandates_in_force().count() == 1
    assert Notice.objects.filter(kind="card_saved_by_link").count() == 1
    assert AuditEvent.objects.filter(action="card_link.used").count() == 1


def test_newer_link_replaces_the_older_one_and_only_one_is_open(shop):
    older, newer = send(shop), send(shop)

    assert CardLink.objects.get(pk=older.pk).state_at(shop.now) == "revoked"
    with pytest.raises(ConflictError):
        agree(shop, older)
    agree(shop, newer)


def test_agreeing_twice_goes_on_with_the_same_set_up(shop):
    link = agree(shop, send(shop))
    again = agree(shop, link)

    assert again.setup_id == link.setup_id and CardMandate.objects.count() == 1


def test_words_that_were_not_read_are_not_agreed_to(shop):
    with pytest.raises(ConflictError) as refused:
        agree(shop, send(shop), seen="other words")
    assert refused.value.code == "words_changed" and not CardMandate.objects.exists()


@pytest.mark.parametrize("end", ["revoked", "expired", "no payer", "switched off"])
def test_link_that_does_not_count_any_more_opens_nothing_and_its_mail_is_not_sent(shop, end):
    link, now = send(shop), shop.now
    if end == "revoked":
        card_links.revoke_card_link(link=link, by=shop.nora, now=now)
    elif end == "expired":
        CardLink.objects.update(expires_at=now)
    elif end == "no payer":
        LinkedLogin.objects.filter(user=shop.gus, client=shop.cora).delete()
    else:
        shop.gus.is_active = False
        shop.gus.save()

    with pytest.raises(ConflictError):
        agree(shop, CardLink.objects.select_related("user", "client").get())
    outbox.deliver_due()
    assert not mail.outbox


def test_card_given_by_a_link_revoked_meanwhile_is_let_go_once(shop, hook):
    link = agree(shop, send(shop))
    card_links.revoke_card_link(link=link, by=shop.nora, now=shop.now)
    give(shop, link)

    delivered(shop, hook)
    delivered(shop, hook)

    assert not SavedCard.objects.exists() and not mandates_in_force().exists()
    assert OutboxMessage.objects.filter(name="billing.detach_card").count() == 1
    outbox.deliver_due()
    options = {"stripe_account": shop.account.external_id}
    customer = Customer.objects.get().external_id
    assert not shop.processor.client.v1.customers.payment_methods.list(customer, {}, options).data


def test_agent_removed_while_giving_the_card_saves_nothing(shop, hook):
    link = agree(shop, send(shop, client=shop.cleo, payer=shop.ada))
    give(shop, link)
    grants.revoke(shop.ada, grants.AUDIT_CLIENT, shop.cleo, by=shop.nora)

    delivered(shop, hook)

    assert not SavedCard.objects.exists()


def test_login_from_whom_costs_are_hidden_gets_no_link(shop):
    with pytest.raises(DomainError) as refused:
        send(shop, client=shop.cleo, payer=shop.gus)
    assert refused.value.code == "not_payer"
    assert [each.payer.user for each in cards_of_payers(shop.cleo, shop.now)] == [shop.ada]


def test_refused_card_saves_nothing_says_why_and_can_be_tried_again(shop):
    link = agree(shop, send(shop))
    with pytest.raises(Exception, match="declined"):
        give(shop, link, "pm_card_chargeDeclined")
    with pytest.raises(DomainError) as refused:
        card_links.finish_card_link(link=link, now=shop.now)
    assert refused.value.code == "card_refused" and not SavedCard.objects.exists()

    give(shop, link)
    assert card_links.finish_card_link(link=link, now=shop.now).last4 == "4242"


def test_account_disconnected_meanwhile_is_said_and_nothing_is_lost(shop):
    link = send(shop)
    accounts.disconnect_account(by=shop.nora, now=shop.now)

    with pytest.raises(DomainError) as refused:
        agree(shop, link)
    assert refused.value.code == "payments_off" and CardLink.objects.get().state_at(shop.now) == "sent"


def test_only_who_bills_sends_and_revokes(shop):
    with pytest.raises((NotFound, PermissionDenied)):
        card_links.send_card_link(client=shop.cora, payer=shop.gus, by=shop.tess, now=shop.now)
    link = send(shop)
    with pytest.raises(NotFound):
        card_links.revoke_card_link(link=link, by=shop.tess, now=shop.now)
    with pytest.raises(NotFound):
        card_links.withdraw_mandate(mandate=CardMandate(pk=link.pk), by=shop.tess, now=shop.now)


def test_address_of_one_organization_opens_nothing_in_another(shop, south):
    token = token_of(send(shop))

    with organization_context(south), pytest.raises(NotFound):
        find_card_link(token)
    with pytest.raises(NotFound):
        find_card_link(token[:-2])
    assert find_card_link(token) == CardLink.objects.get()


def test_payer_withdraws_and_a_second_time_changes_nothing(shop):
    link = agree(shop, send(shop))
    give(shop, link)
    card_links.finish_card_link(link=link, now=shop.now)
    mandate = mandates_in_force().get()

    for _ in range(2):
        card_links.withdraw_mandate(mandate=mandate, by=shop.gus, now=shop.now + timedelta(hours=1))

    assert not mandates_in_force().exists() and saved_cards(shop.gus).exists()
    assert AuditEvent.objects.filter(action="card_mandate.withdrawn").count() == 1


def customer_at_processor(shop, account: str = "", **facts) -> str:
    options = {"stripe_account": account or shop.account.external_id}
    made = shop.processor.client.v1.customers.create({"name": "Gus N.", "email": "g@x.test", **facts}, options)
    return made.id


def find(shop, typed: str, payer=None):
    return linked_customers.find_customer(client=shop.cora, payer=payer or shop.gus, typed=typed, by=shop.nora)


def link_customer(shop, typed: str, seen: str = "") -> Customer:
    seen = seen or find(shop, typed).seen
    return linked_customers.link_customer(
        client=shop.cora, payer=shop.gus, typed=typed, seen=seen, by=shop.nora, now=shop.now
    )


def test_customer_is_shown_as_the_processor_has_them_and_linked_with_their_cards(shop):
    known = customer_at_processor(shop, payment_method=VISA)
    found = find(shop, f" {known} ")
    assert (found.facts.name, found.facts.email) == ("Gus N.", "g@x.test")
    assert [(card.brand, card.last4) for card in found.facts.cards] == [("visa", "4242")]

    customer = link_customer(shop, known, found.seen)

    assert (customer.user, customer.external_id, customer.linked_at) == (shop.gus, known, shop.now)
    assert [str(card) for card in saved_cards(shop.gus)] == ["Visa •••• 4242"]
    assert not mandates_in_force().exists()
    assert AuditEvent.objects.filter(action="customer.linked").exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("pm_12345678", "not_an_id"), ("4242424242424242", "not_an_id"), ("cus_Unknown12345", "customer_unknown")],
)
def test_id_that_is_none_or_unknown_is_refused(shop, typed, code):
    with pytest.raises(DomainError) as refused:
        find(shop, typed)
    assert refused.value.code == code and refused.value.field == "customer"


def test_customer_of_another_account_or_deleted_is_unknown(shop):
    foreign = shop.processor.client.v1.accounts.create({"type": "standard", "country": "US"})
    theirs, deleted = customer_at_processor(shop, foreign.id), customer_at_processor(shop)
    shop.processor.client.v1.customers.delete(deleted, {}, {"stripe_account": shop.account.external_id})

    for typed in (theirs, deleted):
        with pytest.raises(DomainError) as refused:
            find(shop, typed)
        assert refused.value.code == "customer_unknown"


def test_customer_linked_to_another_payer_is_refused_by_name(shop):
    known = customer_at_processor(shop)
    link_customer(shop, known)

    with pytest.raises(ConflictError, match="Gus North"):
        find(shop, known, payer=shop.cora_login)


def test_payer_with_a_saved_card_needs_no_other_customer(shop):
    link = agree(shop, send(shop))
    give(shop, link)
    card_links.finish_card_link(link=link, now=shop.now)

    with pytest.raises(ConflictError) as refused:
        find(shop, customer_at_processor(shop))
    assert refused.value.code == "has_cards"


def test_what_changed_between_the_two_steps_is_looked_at_again(shop):
    known = customer_at_processor(shop)
    seen = find(shop, known).seen
    shop.processor.client.v1.customers.update(known, {"name": "Someone"}, {"stripe_account": shop.account.external_id})

    with pytest.raises(ConflictError) as refused:
        link_customer(shop, known, seen)
    assert refused.value.code == "customer_changed" and not Customer.objects.exists()


def test_unlinked_customer_is_forgotten_here_and_stays_there(shop):
    known = customer_at_processor(shop, payment_method=VISA)
    customer = link_customer(shop, known)

    linked_customers.unlink_customer(customer=customer, by=shop.nora, now=shop.now)

    assert not saved_cards(shop.gus).exists() and find(shop, known).facts.cards
    with pytest.raises(NotFound):
        linked_customers.unlink_customer(customer=customer, by=shop.nora, now=shop.now)
    assert AuditEvent.objects.filter(action="customer.unlinked").exists()


def test_link_is_for_logins_whose_costs_are_hidden_later_worth_nothing(shop):
    link = send(shop)
    shop.cora.permissions = [*shop.cora.permissions, ClientPermission.HIDE_COSTS.value]
    shop.cora.save()

    with pytest.raises(ConflictError):
        agree(shop, CardLink.objects.select_related("user", "client").get(pk=link.pk))

"""A passkey belongs to the host on which it was made: whoever has one is told when the organization moves to another."""

import pytest
from allauth.mfa.models import Authenticator

from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.people.models import User
from tenants import domains
from tenants.context import organization_context, public_context
from tenants.models import Domain


@pytest.fixture
def new_host(cast):
    for user, kind in (
        (cast.tess, "webauthn"),
        (cast.tess, "recovery_codes"),
        (cast.sam, "totp"),
        (cast.ada, "webauthn"),
    ):
        Authenticator.objects.create(user=user, type=kind, data={})
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    with public_context():
        return Domain.objects.create(
            tenant=cast.north, domain="praxis.example", is_primary=False, verified_at=clock.now()
        )


def test_those_with_a_passkey_are_told_once(cast, new_host, mailoutbox):
    domains.make_primary(cast.north.pk, new_host.pk, by="Op", now=clock.now())
    domains.make_primary(cast.north.pk, new_host.pk, by="Op", now=clock.now())
    cast.north.__dict__.pop("_primary_host", None)
    while outbox.deliver_due():
        pass
    (mail,) = mailoutbox
    assert "tess@north.test" in mail.to[0] and mail.subject == "Your passkey needs a successor"
    for said in (mail.body, mail.alternatives[0].content):
        assert "North Practice is reached at praxis.example now" in said and "praxis.example/account/2fa/" in said
        assert "Choose a new password" not in said


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Ihr Passkey"), ("es", "Su llave de acceso"), ("fr", "Votre clé d’accès")]
)
def test_news_is_in_the_persons_language(cast, new_host, mailoutbox, language, said):
    change_brand(current_brand(), by=cast.nora, languages=["en", language])
    User.objects.filter(pk=cast.tess.pk).update(language=language)
    domains.make_primary(cast.north.pk, new_host.pk, by="Op", now=clock.now())
    while outbox.deliver_due():
        pass
    assert said in mailoutbox[0].body


def test_nobody_in_the_other_organization_hears_of_it(cast, south, new_host):
    domains.make_primary(cast.north.pk, new_host.pk, by="Op", now=clock.now())
    with organization_context(south):
        assert not OutboxMessage.objects.filter(payload__event="host_changed").exists()

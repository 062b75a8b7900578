"""Every address of an organization's host, asked by people who have no business there: by nobody, and by somebody of another organization.

Nobody and Olga's cookie on north's host: a sign-in page or nothing. Olga at home with the ids of things that only north has: nothing.
And somebody of north's own who has nothing to do with these things: nothing either, or a refusal.
"""

import pytest

from core.people.models import Client, LinkedLogin, StaffMember, User
from tests.factories.web import browser_of
from tests.isolation.addresses import Address, addresses
from tests.isolation.samples import FREE, SAMPLES, value_for
from tests.isolation.things import things

# What an organization shows to everybody: its brand, its public pages, and the way in.
PUBLIC = (
    "brand:", "public_", "join:", "account_login", "account_reset", "account_request_login_code", "account_confirm_login_code",
    "account_signup", "account_inactive", "account_logout", "account_email_verification_sent",
    "mfa_login_webauthn", "mfa_signup_webauthn", "invitation", "password", "sign_in", "certificate", "dns", "health", "webhook", "help",
    "records", "passkey_", "scheduling:link", "waiting_list:link", "scheduling:feed_file", "booking:", "billing:card-link", "billing:pay-link",
    "billing:prepay-link",
    "invited:",
)  # fmt: skip
NOTHING = {404, 405, 410}
SIGN_IN = ("/account/login/", "/account/reauthenticate/", "/account/2fa/reauthenticate/")


# Who of north's own people may open what Nora may not: it is theirs alone.
OWN = (
    "notifications:detail",
    "billing:card-removal",
    "billing:package-buy",
    "mfa_",
    "account_session",
    "agreement_",
    "push_device_removal",
    "waiting_list:acceptance",
    "waiting_list:refusal",
    "notes:shared",
    "questionnaires:answers",
    "questionnaires:refusal",
)
# Colleagues see each other, and what can be sent to clients.
COLLEAGUES_PAGE = {"people:staff_member": 200, "questionnaires:form": 200, "questionnaires:preview": 200}
# No page at all: it would confirm an address that is confirmed by the invitation.
NOWHERE = ("account_confirm_email",)


@pytest.fixture
def cast(cast_with_things):
    return cast_with_things


@pytest.fixture
def value_of(cast):
    """The value of a parameter: of a thing that only north has."""
    return lambda view, parameter, kind: value_for(cast, view, parameter)


def everything() -> list[Address]:
    return addresses("deploy.urls.tenant")


def is_public(address: Address) -> bool:
    return address.name.startswith(PUBLIC) or not address.name


def refused(answer) -> bool:
    """Nothing, or a way that ends at the sign-in, which asks those who are signed in for their password again."""
    return answer.status_code in NOTHING or answer.request["PATH_INFO"].startswith(SIGN_IN)


def ask(browser, path, method):
    """Ask, and follow where the answer leads."""
    browser.raise_request_exception = False
    return getattr(browser, method)(path, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_nothing(cast, value_of, method):
    browser = browser_of()

    seen = {
        address.name: answer.status_code
        for address in everything()
        if not is_public(address) and not refused(answer := ask(browser, address.path(value_of), method))
    }

    assert seen == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_cookie_of_another_organization_opens_nothing(cast, value_of, method):
    browser = browser_of()
    browser.cookies = browser_of(cast.olga, organization="south").cookies

    seen = {
        address.name: answer.status_code
        for address in everything()
        if not is_public(address) and not refused(answer := ask(browser, address.path(value_of), method))
    }

    assert seen == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_things_of_another_organization_are_nowhere_at_home(cast, value_of, method):
    browser = browser_of(cast.olga, organization="south")

    seen = {}
    for address in everything():
        if not address.parameters or is_public(address) or names_nothing(address):
            continue
        answer = ask(browser, address.path(value_of), method)
        led_away = method == "get" and answer.redirect_chain and answer.request["PATH_INFO"].count("/") < 4
        if not refused(answer) and not led_away:  # an address for acts only sends readers back to its list
            seen[address.name] = answer.status_code

    assert seen == {}


def names_nothing(address: Address) -> bool:
    """Whether none of its parameters points to something of an organization's."""
    return all(f"{address.name}.{name}" in FREE for name, _kind in address.parameters)


def with_parameters(*, public: bool = False) -> list[Address]:
    return [address for address in everything() if address.parameters and is_public(address) == public]


def outsider(role: str) -> User:
    """Somebody of north's who has nothing to do with the samples: a guardian of another client, or a colleague."""
    person = User.objects.create_user(email="petra@north.test", password="x", name="Petra", time_zone="Europe/Berlin")
    if role == "guardian":
        other = Client.objects.create(first_name="Otto", time_zone="Europe/Berlin")
        LinkedLogin.objects.create(user=person, client=other, relationship="guardian")
    else:
        StaffMember.objects.create(user=person, role="practitioner")
    return person


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["guardian", "colleague"])
def test_insider_without_the_right_opens_nothing(cast, value_of, role, method):
    browser = browser_of(outsider(role))
    seen = {}
    for address in with_parameters():
        answer = ask(browser, address.path(value_of), method)
        led_away = method == "get" and answer.redirect_chain and answer.request["PATH_INFO"].count("/") < 4
        if not refused(answer) and answer.status_code != 403 and not led_away:
            seen[address.name] = answer.status_code

    assert seen == (COLLEAGUES_PAGE if (role, method) == ("colleague", "get") else {})


def test_samples_are_there_for_those_who_may_see_them(cast, value_of):
    """Because a sample that nobody finds would let every sweep pass."""
    nora, owner = browser_of(cast.nora), browser_of(things(cast).login)
    missing = {}
    for address in with_parameters():
        if address.name in NOWHERE:
            continue
        browser = owner if address.name.startswith(OWN) else nora
        status = ask(browser, address.path(value_of), "get").status_code
        if status in (404, 410) or status >= 500:
            missing[address.name] = status

    assert missing == {}


def test_public_addresses_show_nothing_of_another_organization(cast, value_of):
    browser = browser_of(organization="south")
    told = {}
    for address in with_parameters(public=True):
        page = ask(browser, address.path(value_of), "get").content.decode(errors="replace")
        if words := [word for word in ("Only ", "North Practice", "north.test") if word in page]:
            told[address.name] = words

    assert told == {}


@pytest.mark.parametrize("urlconf", ["deploy.urls.tenant", "deploy.urls.operator"])
def test_every_parameter_of_an_address_has_a_sample(urlconf):
    needed = {f"{address.name}.{name}" for address in addresses(urlconf) for name, _ in address.parameters}

    assert needed - SAMPLES.keys() - FREE.keys() == set(), "add a sample to tests/isolation/samples.py"


def test_no_sample_is_left_over():
    confs = ("deploy.urls.tenant", "deploy.urls.operator")
    needed = {f"{each.name}.{name}" for conf in confs for each in addresses(conf) for name, _ in each.parameters}

    assert (SAMPLES.keys() | FREE.keys()) - needed == set()


def test_public_pages_never_fail(cast, value_of):
    browser = browser_of()

    broken = {
        address.name: answer.status_code
        for address in everything()
        if is_public(address) and (answer := ask(browser, address.path(value_of), "get")).status_code >= 500
    }

    assert broken == {}


def test_sweep_sees_the_whole_configuration():
    names = {address.name for address in everything()}

    assert len(names) > 20
    assert {"account_login", "account_logout", "mfa_index"} <= names

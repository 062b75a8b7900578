"""The cast: the same seven people in every test, and their doubles in south under the same primary keys."""

from types import SimpleNamespace
from uuid import UUID

from branding.models import Brand
from core.kernel import clock
from core.people import grants
from core.people.models import Agent, Assignment, Client, LinkedLogin, StaffMember, User
from core.people.roles import ClientPermission
from tenants.context import organization_context
from tenants.models import Organization

ZONES = {"north": "Europe/Berlin", "south": "America/New_York"}


def fixed_id(number: int) -> UUID:
    """The same ids in both organizations: a forgotten switch finds a row, not an error."""
    return UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + number)


def make_cast(north: Organization, south: Organization) -> SimpleNamespace:
    """Return nora, sam, tess, cleo (client), cleo_login, gus, ada, olga, and the two organizations."""
    people = _people("north", ["Nora", "Sam", "Tess", "Gus", "Ada", "Cleo"])
    with organization_context(south):
        double = _people("south", ["Olga", "Sven", "Tina", "Greta", "Arno", "Clara"])
    return SimpleNamespace(
        **people, olga=double["nora"], south_people=SimpleNamespace(**double), north=north, south=south
    )


def _people(organization: str, names: list[str]) -> dict[str, object]:
    zone = ZONES[organization]
    Brand.objects.create(
        name=f"{organization.title()} Practice",
        primary_color="#0f766e",
        heading_font="Figtree",
        body_font="Inter",
        languages=["en"],
        time_zone=zone,
        currency="EUR" if organization == "north" else "USD",
        country="DE" if organization == "north" else "US",
        changed_at=clock.now(),
    )
    nora, sam, tess, gus, ada, cleo_login = (
        _user(number, name, organization) for number, name in enumerate(names, start=1)
    )
    staff = {
        "nora_staff": StaffMember.objects.create(id=fixed_id(11), user=nora, role="owner"),
        "sam_staff": StaffMember.objects.create(id=fixed_id(12), user=sam, role="practitioner"),
        "tess_staff": StaffMember.objects.create(id=fixed_id(13), user=tess, role="practitioner"),
    }
    cleo = Client.objects.create(id=fixed_id(21), first_name=names[5], last_name="Marten", time_zone=zone)
    cleo.permissions = [*cleo.permissions, ClientPermission.HIDE_COSTS.value]
    cleo.save(update_fields=["permissions"])
    LinkedLogin.objects.create(user=cleo_login, client=cleo, relationship=LinkedLogin.Relationship.SELF)
    LinkedLogin.objects.create(user=gus, client=cleo, relationship=LinkedLogin.Relationship.GUARDIAN)
    Assignment.objects.create(client=cleo, practitioner=staff["tess_staff"])
    agent = Agent.objects.create(user=ada, agency=f"{names[4]} Agency")
    grants.grant(sam, grants.ADMINISTER_SCHEDULE, staff["tess_staff"], by=nora)
    grants.grant(ada, grants.AUDIT_CLIENT, cleo, by=nora)
    return {
        "nora": nora,
        "sam": sam,
        "tess": tess,
        "gus": gus,
        "ada": ada,
        "cleo_login": cleo_login,
        "cleo": cleo,
        "agent": agent,
        **staff,
    }


def _user(number: int, name: str, organization: str) -> User:
    return User.objects.create_user(
        email=f"{name.lower()}@{organization}.test",
        password="correct horse battery",
        id=fixed_id(number),
        name=f"{name} {organization.title()}",
        time_zone=ZONES[organization],
    )

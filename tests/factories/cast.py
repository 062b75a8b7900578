"""The cast: the same seven people in every test, and their doubles in south under the same primary keys."""

from functools import cache
from types import SimpleNamespace
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.db.models import Model
from guardian.models import UserObjectPermission

from branding.actions.looks import note_version
from branding.models import Brand
from core.kernel import clock
from core.people import grants
from core.people.models import Agent, Assignment, Client, LinkedLogin, StaffMember, User, client_defaults
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
    brand = Brand.objects.create(
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
    note_version(brand, author=None, now=brand.changed_at)
    users = [_user(number, name, organization) for number, name in enumerate(names, start=1)]
    nora, sam, tess, gus, ada, cleo_login = User.objects.bulk_create(users)
    nora_staff, sam_staff, tess_staff = StaffMember.objects.bulk_create(
        StaffMember(id=fixed_id(number), user=user, role=role)
        for number, user, role in ((11, nora, "owner"), (12, sam, "practitioner"), (13, tess, "practitioner"))
    )
    cleo = Client.objects.create(
        id=fixed_id(21),
        first_name=names[5],
        last_name="Marten",
        time_zone=zone,
        permissions=[*client_defaults(), ClientPermission.HIDE_COSTS.value],
    )
    LinkedLogin.objects.bulk_create(
        LinkedLogin(user=user, client=cleo, relationship=relationship)
        for user, relationship in (
            (cleo_login, LinkedLogin.Relationship.SELF),
            (gus, LinkedLogin.Relationship.GUARDIAN),
        )
    )
    Assignment.objects.create(client=cleo, practitioner=tess_staff)
    agent = Agent.objects.create(user=ada, agency=f"{names[4]} Agency")
    _grant((sam, grants.ADMINISTER_SCHEDULE, tess_staff), (ada, grants.AUDIT_CLIENT, cleo))
    staff = {"nora_staff": nora_staff, "sam_staff": sam_staff, "tess_staff": tess_staff}
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
    return User(
        email=f"{name.lower()}@{organization}.test",
        password=_hashed(),
        id=fixed_id(number),
        name=f"{name} {organization.title()}",
        time_zone=ZONES[organization],
    )


@cache
def _hashed() -> str:
    return make_password("correct horse battery")


def _grant(*given: tuple[User, str, Model]) -> None:
    """What `grants.grant` writes for each, at once."""
    rights = {
        found.codename: found for found in Permission.objects.filter(codename__in=[right for _, right, _ in given])
    }
    UserObjectPermission.objects.bulk_create(
        UserObjectPermission(
            user=user, permission=rights[right], content_type_id=rights[right].content_type_id, object_pk=str(over.pk)
        )
        for user, right, over in given
    )

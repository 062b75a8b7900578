"""What the profile and the invitation say of the zone of a login is what mail does with it."""

from tests.factories.scheduling import make_client

OWN = "Mail, documents and calendar files use this zone."


def test_profile_names_the_zones_of_those_for_whom_one_acts(cast, visit):
    cast.cleo.time_zone = "America/New_York"
    cast.cleo.save()
    make_client("Sibyl", login=cast.gus, zone="Europe/London")
    page = visit(cast.gus).get("/profile/").content.decode()
    assert "Mail and calendar files about appointments use the zone that is set for each person" in page
    assert "Cleo Marten (America/New York)" in page and "Sibyl Other (Europe/London)" in page and OWN not in page


def test_profile_of_those_who_work_here_says_that_mail_uses_it(cast, visit):
    for user in (cast.tess, cast.nora, cast.ada):
        page = visit(user).get("/profile/").content.decode()
        assert OWN in page and "set for each person" not in page

"""What the list of people is called, by what they are to whoever reads it."""

import pytest
from django.urls import reverse

from branding.rules.vocabulary import Vocabulary
from core.people.models import Client, LinkedLogin
from portal.client_label import clients_label


@pytest.mark.parametrize(
    ("relationships", "preset", "heading"),
    [
        (["guardian"], "school", "Your children"), (["guardian"], "clinic", "People you look after"),
        (["guardian", "partner"], "school", "People you look after"), (["self"], "school", "Your details"),
        (["self", "guardian"], "clinic", "People you look after"), ([], "clinic", "People you look after"),
    ],
)  # fmt: skip
def test_list_is_called_by_what_they_are_to_the_reader(cast, relationships, preset, heading):
    LinkedLogin.objects.filter(user=cast.gus).delete()
    for number, relationship in enumerate(relationships):
        client = Client.objects.create(first_name=f"Child {number}", time_zone="Europe/Berlin")
        LinkedLogin.objects.create(user=cast.gus, client=client, relationship=relationship)

    assert clients_label(cast.gus, Vocabulary(preset)).heading == heading


def test_whoever_works_here_reads_the_organizations_noun(cast):
    assert clients_label(cast.tess, Vocabulary("school")).heading == "Students"


def test_guardian_reads_it_on_the_page_and_in_the_navigation(cast, visit):
    page = visit(cast.gus).get(reverse("people:clients"))

    heading = str(page.context["clients_name"])
    assert heading in ("People you look after", "Your children")
    assert page.content.decode().count(heading) >= 3  # title, heading, navigation

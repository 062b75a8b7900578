"""A link to an e-mail address says exactly that address; no page writes one by hand."""

import re
from pathlib import Path

import pytest

from core.people.models import User
from themes.elements import breakable, tel

ROOT = Path(__file__).resolve().parents[2]


def test_page_of_a_colleague_links_to_the_address_as_it_is(cast, visit):
    User.objects.filter(pk=cast.tess.pk).update(email="tess?bcc=eve%40x&o'hara@north.test")
    page = visit(cast.nora).get(f"/people/staff/{cast.tess_staff.pk}/").content.decode()

    assert 'href="mailto:tess%3Fbcc%3Deve%2540x%26o%27hara@north.test"' in page


def test_address_to_which_no_mail_can_go_is_text(cast, visit):
    User.objects.filter(pk=cast.tess.pk).update(email="größe@north.test")
    page = visit(cast.nora).get(f"/people/staff/{cast.tess_staff.pk}/").content.decode()

    assert "mailto:" not in page
    assert "größe@<wbr>north<wbr>.test" in page


@pytest.mark.unit
def test_no_template_encodes_addresses_by_hand():
    templates = (ROOT / "themes" / "templates").rglob("*.html")

    assert [path.name for path in templates if re.search(r"(mailto|tel):{", path.read_text())] == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("number", "uri"),
    [("+49 (30) 12-34", "tel:+493012 34".replace(" ", "")), ("0851 234567", "tel:0851234567"), ("on request", "")],
)
def test_link_to_a_telephone_number_dials_it(number, uri):
    assert tel(number) == uri


@pytest.mark.unit
def test_address_is_kept_whole_and_broken_at_its_joints():
    assert breakable("gus@north.test") == '<span class="breakable">gus@<wbr>north<wbr>.test</span>'
    assert breakable("<b>@x") == '<span class="breakable">&lt;b&gt;@<wbr>x</span>'

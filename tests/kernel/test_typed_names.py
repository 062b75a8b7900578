"""What is a name and what an address, and how names stand in mail to whom nobody knows."""

import pytest

from core.kernel.errors import DomainError
from core.kernel.typed_names import holds_address, require_no_address, unlinked

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "name",
    [
        "pills.example", "Buy at PILLS.SHOP now", "win-money.ru", "a.co", "www.pills", "http://x", "zoe@example.org", "pills．example",
        "pills。example", "пиллс.рф", "Pills.example/free",
    ],
)  # fmt: skip
def test_an_address_is_no_name(name):
    assert holds_address(name)
    with pytest.raises(DomainError) as refused:
        require_no_address("Zoë", name)
    assert (refused.value.code, refused.value.field) == ("name_is_address", "first_name")


@pytest.mark.parametrize(
    "name", ["Zoë", "Dr.Meier", "St. John", "J.R.R.", "Ann-Marie O’Neill", "李明", "Jr.", "X.Y.", "12.5"]
)
def test_a_name_is_none(name):
    assert not holds_address(name)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Dr.Meier", "Dr. Meier"),
        ("Pills.Shop", "Pills. Shop"),
        ("Zoë", "Zoë"),
        ("J. R.", "J. R."),
        ("1.2.3.4", "1. 2. 3. 4"),
    ],
)
def test_nothing_in_a_greeting_becomes_a_link(name, written):
    assert unlinked(name) == written

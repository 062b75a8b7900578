"""Which video an address names: the table of docs/rules/video-address.md."""

import pytest

from sessions_live.rules.video_address import video_in
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("address", "video"), rows("video-address", "address"))
def test_address_names_a_video_or_none(address, video):
    assert (video_in(address.strip("`")) or "none") == video


@pytest.mark.parametrize(
    "address", ["", "https://", "https://youtu.be/", "http://\x00", "https://youtu.be/../watch?v=x", "😀"]
)
def test_what_is_no_address_names_none(address):
    assert video_in(address) is None

"""Who comes to sign in for the first time waits for few files."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

MOST = 12  # requests, with the page, a letter file, the icons and the logo


@pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/"])
def test_page_to_sign_in_asks_for_few_files(cast, visit, address):
    page = visit().get(address).content.decode()
    sheets = re.findall(r'<link\s+rel="stylesheet"\s+href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]*\ssrc="([^"]+)"', page)
    assert len(sheets) + len(scripts) + 4 <= MOST, (sheets, scripts)
    for script in scripts:
        text = Path(finders.find(script.removeprefix("/static/"))).read_text()
        assert not re.search(r"\bimport\s*[\"'{]", text), f"{script} asks for more"

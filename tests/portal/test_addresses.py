"""Addresses that are looked up once are those that a look-up gives."""

from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix, set_urlconf

from portal.addresses import address, address_of

NAMES = ("scheduling:appointment", "scheduling:summary", "scheduling:move", "scheduling:cancellation")


@pytest.mark.parametrize("name", NAMES)
def test_address_of_a_row_is_its_own(name):
    first, second = uuid4(), uuid4()

    assert [address_of(name, first), address_of(name, second)] == [
        reverse(name, args=[first]),
        reverse(name, args=[second]),
    ]


def test_address_of_a_page_without_rows():
    assert address("dashboard:home") == reverse("dashboard:home") == "/dashboard/"


def test_unknown_names_are_told_each_time():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address("dashboard:nowhere")


def test_each_set_of_addresses_has_its_own():
    """The console's host has other pages, and a request says by `set_urlconf` whose it is."""
    own = address("account_login")
    set_urlconf("deploy.urls.operator")
    try:
        with pytest.raises(NoReverseMatch):
            address("dashboard:home")
    finally:
        set_urlconf(None)
    assert address("account_login") == own
    with override_settings(ROOT_URLCONF="deploy.urls.operator"), pytest.raises(NoReverseMatch):
        address("dashboard:home")


def test_below_a_prefix_it_begins_with_it():
    before = get_script_prefix()
    address("dashboard:home")
    set_script_prefix("/below/")
    try:
        assert address("dashboard:home") == "/below/dashboard/"
    finally:
        set_script_prefix(before)

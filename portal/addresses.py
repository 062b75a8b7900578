"""Addresses that stand on every page, or in every row of a list: each is looked up once, and a row's id is put in."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_PLACE = UUID(int=0)


def address(url_name: str) -> str:
    """What `reverse(url_name)` gives."""
    return _reversed(url_name, _urlconf(), get_script_prefix())


def address_of(url_name: str, pk: UUID) -> str:
    """What `reverse(url_name, args=[pk])` gives."""
    before, after = _around(url_name, _urlconf(), get_script_prefix())
    return f"{before}{pk}{after}"


def _urlconf() -> str:
    return get_urlconf() or settings.ROOT_URLCONF


@lru_cache(maxsize=500)
def _reversed(url_name: str, urlconf: str, _prefix: str) -> str:
    return reverse(url_name, urlconf)


@lru_cache(maxsize=500)
def _around(url_name: str, urlconf: str, _prefix: str) -> tuple[str, str]:
    before, _, after = reverse(url_name, urlconf, args=[_PLACE]).partition(str(_PLACE))
    return before, after

"""There is one way in: a library that brings a sign-in of its own would bring one without second factor, limits and brand."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("portal.", "billing.", "tenants.", "core.", "branding.", "sessions_live.", "themes.", "deploy.")
SIGN_IN = ("allauth.account.", "allauth.mfa.")  # goes through portal.account.adapters
OTHERS = {
    "wagtail.views.serve",  # public pages
    "django.views.generic.base.RedirectView",
}


def views(resolver: URLResolver) -> Iterator[str]:
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            view = getattr(found.callback, "view_class", found.callback)
            yield f"{view.__module__}.{view.__name__}"
        else:
            yield from views(found)


@pytest.mark.parametrize("urlconf", ["deploy.urls.tenant", "deploy.urls.operator"])
def test_every_view_is_ours_or_known(urlconf):
    strange = {name for name in views(get_resolver(urlconf)) if not name.startswith((*OURS, *SIGN_IN))}

    assert strange <= OTHERS


def test_there_is_no_second_sign_in(cast, visit):
    answer = visit().post("/_util/login/", {"username": "tess@north.test", "password": "correct horse battery"})

    assert answer.status_code == 404
    assert "sid" not in answer.cookies

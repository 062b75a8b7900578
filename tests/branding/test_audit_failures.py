"""What is changed about the brand is noted, or it is not changed."""

import inspect

import pytest

from branding import actions
from branding.models import Brand
from branding.rules.nouns import Noun
from tests.broken_audit import assert_nothing_is_written

# Before there is anybody who could be named: the first brand comes with the organization, whose history the platform keeps.
NOTE_NOTHING = {"create_brand"}


def test_every_action_is_tested_here():
    found = {
        name
        for name, function in vars(actions).items()
        if inspect.isfunction(function) and function.__module__ == actions.__name__
    }

    assert found - NOTE_NOTHING == {"change_brand", "change_words"}


@pytest.mark.parametrize(
    "wanted", [{"name": "Another"}, {"primary_color": "#7c2d6b"}, {"words": {"en": {}}, "tagline": "New"}]
)
def test_brand_stays_where_the_audit_fails(cast, monkeypatch, wanted):
    brand = Brand.objects.get(is_current=True)

    assert_nothing_is_written(lambda: actions.change_brand(brand, by=cast.nora, **wanted), monkeypatch)


def test_words_stay_where_the_audit_fails(cast, monkeypatch):
    assert_nothing_is_written(
        lambda: actions.change_words(
            preset="school", language="en", nouns={"client": Noun("wug", "wugs")}, by=cast.nora
        ),
        monkeypatch,
    )
    assert Brand.objects.get(is_current=True).words == {}

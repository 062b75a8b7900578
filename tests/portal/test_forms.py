"""One form view for every app: what was asked for by htmx, fetch or a plain POST is answered alike, and a refusal finds its field."""

import pytest

from core.kernel.errors import ConflictError, DomainError, GatewayError
from portal.settings import details
from tests.factories.brand import detail_fields

PAGE = "/settings/details/"
FORM = detail_fields()
JSON = {"accept": "application/json"}
HTMX = {"hx-request": "true"}


@pytest.fixture
def post(cast, visit):
    browser = visit(cast.nora)
    return lambda form=FORM, **headers: browser.post(PAGE, form, headers=headers)


@pytest.fixture
def refuse(monkeypatch):
    """`refuse(error)` lets the action refuse with it."""

    def refused(error):
        def raise_it(*_args, **_values):
            raise error

        monkeypatch.setattr(details, "change_brand", raise_it)

    return refused


def test_done_leads_on_however_it_was_asked(post):
    plain, htmx, script = post(), post(**HTMX), post(**JSON)

    assert (plain.status_code, plain.headers["Location"]) == (302, PAGE)
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (204, PAGE)
    assert script.json() == {"message": "Saved. Pages, mails and papers have it from now on.", "url": PAGE}


def test_invalid_form_is_refused_however_it_was_asked(post):
    wrong = FORM | {"time_zone": ""}
    plain, htmx, script = post(wrong), post(wrong, **HTMX), post(wrong, **JSON)

    assert (plain.status_code, htmx.status_code, script.status_code) == (422, 422, 422)
    assert (
        plain.context["form"].errors
        == htmx.context["form"].errors
        == script.json()["errors"]
        == {"time_zone": ["This field is required."]}
    )
    assert script.json()["message"] == "This field is required."


@pytest.mark.parametrize(
    ("error", "field", "status"),
    [
        (DomainError("name_dull", "Say more.", field="phone"), "phone", 422),
        (DomainError("name_dull", "Say more.", field="a_field_that_this_form_has_not"), "__all__", 422),
        (DomainError("page_dull", "Say more."), "__all__", 422),
        (ConflictError("page_moved_on", "Say more."), "__all__", 409),
        (GatewayError("Say more.", permanent=False), "__all__", 422),
    ],
)
def test_refusal_is_shown_at_its_field_or_above_the_form(post, refuse, error, field, status):
    refuse(error)
    plain, script = post(), post(**JSON)

    assert (plain.status_code, script.status_code) == (422, status)
    assert plain.context["form"].errors == {field: ["Say more."]}
    assert script.json() == {"message": "Say more.", "errors": {field: ["Say more."]}}
    assert "Say more." in plain.content.decode()

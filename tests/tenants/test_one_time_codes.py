"""RFC 6238, appendix B (SHA-1, last six of the eight digits)."""

import base64

import pytest

from tenants.operators import one_time_codes as codes

pytestmark = pytest.mark.unit
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_code_is_the_one_of_the_rfc(seconds, code):
    assert codes.current_code(SECRET, seconds) == code


@pytest.mark.parametrize(("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_drift_is_accepted(late, accepted):
    code = codes.current_code(SECRET, 1_000_000)

    assert (codes.matching_counter(SECRET, code, seconds=1_000_000 + late, used=0) is not None) is accepted


def test_code_is_accepted_with_spaces_and_once():
    counter = codes.matching_counter(SECRET, "287 082", seconds=59, used=0)

    assert counter == 1
    assert codes.matching_counter(SECRET, "287082", seconds=59, used=counter) is None


def test_address_names_issuer_and_account():
    assert codes.address("ABC", label="o@v.test", issuer="The Vendor") == (
        "otpauth://totp/The%20Vendor%3Ao%40v.test?secret=ABC&issuer=The%20Vendor"
    )


def test_short_secret_of_the_command_line_still_has_codes():
    ten_bytes = base64.b32encode(b"1234567890").decode()

    assert codes.is_secret(ten_bytes)
    assert codes.matching_counter(ten_bytes, codes.current_code(ten_bytes, 59), seconds=59, used=0) == 1

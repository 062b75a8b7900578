"""Operators' secrets at rest: what an earlier release wrote is read by this one."""

import pytest

from tenants.operators import encryption

pytestmark = pytest.mark.unit
WRITTEN_BEFORE = (
    "gAAAAABrC-WGD5HzM-vgUEfHOZlhQUpUZ9dQv2CtGtotIOo8lIVgplPO2-UV174ikYfZCi"
    "JOeucycLGY94oEA2AxdTjwODbeQl457ZPXnYO6ULwoDuNk-nA="
)


def test_secret_written_by_an_earlier_release_is_read(settings):
    settings.SECRET_KEY = "tests-only-" + "x" * 50

    assert encryption.decrypt(WRITTEN_BEFORE) == "JBSWY3DPEHPK3PXP"


def test_encrypted_secret_does_not_show():
    encrypted = encryption.encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in encrypted
    assert encryption.decrypt(encrypted) == "JBSWY3DPEHPK3PXP"

"""An authenticator for somebody of the cast, set up by the pages as people do."""

import time
from typing import Any

from tenants.operators.one_time_codes import current_code
from tests.factories.web import PASSWORD, browser_of, sign_in


def enrol(user: Any) -> list[str]:
    """Switch an authenticator on; returns the recovery codes."""
    browser = browser_of()
    sign_in(browser, user.email)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = browser.get("/account/2fa/totp/activate/").context["form"].secret
    browser.post("/account/2fa/totp/activate/", {"code": current_code(secret, time.time())})
    codes: list[str] = browser.get("/account/2fa/recovery-codes/").context["unused_codes"]
    return codes

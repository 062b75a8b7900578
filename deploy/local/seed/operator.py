"""The demo's operator, with an authenticator whose current code anybody at this machine can ask for."""

import io
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from tenants.context import public_context
from tenants.operators.models import Operator

EMAIL = "operator@operator.example"
PASSWORD = "walk-through-the-demo"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def fill_operator() -> dict[str, Any]:
    """Create the operator once; returns what demo.json says of the console."""
    with public_context():
        known = Operator.objects.filter(email=EMAIL).exists()
    if not known:
        typed, sys.stdin = sys.stdin, io.StringIO(PASSWORD + "\n")
        try:
            call_command(
                "create_operator",
                EMAIL,
                name="Robin Operator",
                password_stdin=True,
                totp_secret=SECRET,
                stdout=io.StringIO(),
            )
        finally:
            sys.stdin = typed
    port = os.environ.get("PUBLIC_PORT", "8000")
    user = {"role": "operator", "email": EMAIL, "password": PASSWORD, "totp_secret": SECRET}
    return {
        "name": "Operator console",
        "host": settings.OPERATOR_HOST,
        "url": f"http://{settings.OPERATOR_HOST}:{port}/",
        "code_command": f".venv/bin/python -m deploy.local.code {Path('var/demo.json')}",
        "users": [user],
    }

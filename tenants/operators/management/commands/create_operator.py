"""`manage.py create_operator`: somebody who may use the console."""

import getpass
import sys
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from core.kernel import clock
from tenants import context, events
from tenants.audit_codes import PlatformAudit
from tenants.management.base import PlatformCommand
from tenants.operators import encryption, one_time_codes
from tenants.operators.models import Operator


class Command(PlatformCommand):
    help = (
        "Create an operator of the console, or set an existing one's password anew (which ends their sessions). The password is asked for, or "
        "read from standard input with --password-stdin. The authenticator is set up at the first sign-in, unless --totp-secret gives it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="default: the part before the @")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--totp-secret", default="", help="base 32; enrols an authenticator that has it already")
        parser.add_argument(
            "--new-device", action="store_true", help="forget the authenticator; the next sign-in sets up another"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email, secret = options["email"].strip(), options["totp_secret"].strip()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        if secret and not one_time_codes.is_secret(secret):
            raise CommandError("--totp-secret must be base 32 of at least 16 letters (A–Z, 2–7).")
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with context.public_context(), transaction.atomic():
            created = _save(email, options["name"], password, secret, new_device=options["new_device"])
        self.stdout.write(f"{email}: {'created' if created else 'password set anew'}")


def _save(email: str, name: str, password: str, secret: str, *, new_device: bool) -> bool:
    now = clock.now()
    operator = Operator.objects.select_for_update().filter(email__iexact=email).first()
    created = operator is None
    if operator is None:
        operator = Operator(email=email, name=name or email.split("@")[0], created_at=now)
    elif name:
        operator.name = name
    operator.password = make_password(password)
    operator.is_active = True
    if new_device:
        operator.encrypted_secret, operator.enrolled_at = "", None
    if secret:
        operator.encrypted_secret, operator.enrolled_at = encryption.encrypt(secret), now
    operator.save()
    operator.sessions.all().delete()
    code = PlatformAudit.OPERATOR_CREATED if created else PlatformAudit.OPERATOR_PASSWORD_SET
    events.record(code, organization=None, by="command line", now=now, changes={"operator": [None, email]})
    return created

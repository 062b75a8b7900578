"""`manage.py prepare_roles`: the logins of the database, and what belongs to whom."""

import os
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from tenants import roles
from tenants.management.base import PlatformCommand


class Command(PlatformCommand):
    help = (
        "Make the logins of DATABASE_URL and DATABASE_OWNER_URL and hand the database to its owner, over DATABASE_SUPERUSER_URL. Safe to "
        "repeat; also brings an installation along that ran as a superuser. Without DATABASE_SUPERUSER_URL, roles are taken as they are."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        address = os.environ.get("DATABASE_SUPERUSER_URL", "").strip()
        if not address:
            self.stdout.write("  DATABASE_SUPERUSER_URL is not set: the roles of the database are taken as they are")
            return
        if not settings.DATABASE_OWNER:
            raise CommandError("DATABASE_OWNER_URL is not set. It names the login that shall own the database.")
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=10) as superuser:
                roles.prepare_roles(
                    superuser,
                    owner=_login(settings.DATABASE_OWNER),
                    application=_login(settings.DATABASES["default"]),
                )
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        except psycopg.Error as error:
            raise CommandError(f"The roles could not be prepared over DATABASE_SUPERUSER_URL: {error}") from error
        self.stdout.write("  logins of the application and of the database owner")


def _login(entry: dict[str, Any]) -> roles.Login:
    return roles.Login(str(entry["USER"]), str(entry["PASSWORD"]))

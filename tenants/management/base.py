"""Commands that say what is wrong in one sentence and end with status 1, instead of a traceback."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, ProgrammingError

from core.kernel.errors import DomainError
from tenants import context, outages, roles

_NOT_THERE = ("42P01", "3F000")  # no such table, no such schema


class PlatformCommand(BaseCommand):
    """What a rule refused, a database that is away, and one that has not been made ready, as `CommandError`."""

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise CommandError(error.message) from error
        except DatabaseError as error:
            if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", "") in _NOT_THERE:
                raise CommandError(
                    "The database is not ready: it lacks tables. Run `manage.py bootstrap` first."
                ) from error
            raise _away(error) from error
        except outages.PoolTimeout as error:
            raise _away(error) from error


class OwnerCommand(PlatformCommand):
    """A command that makes and migrates schemas: it connects as the database owner, whose address other programs are not given."""

    def execute(self, *args: Any, **options: Any) -> Any:
        if not settings.DATABASE_ROLES["owner"]:
            raise CommandError(
                "DATABASE_OWNER_URL is not set. This command needs the database owner's address: see docs/operations.md."
            )
        roles.connect_as_owner()
        with context.as_database_owner():
            return super().execute(*args, **options)


def _away(error: Exception) -> Exception:
    """The error itself, or, where the database cannot be reached, a sentence about that."""
    if not outages.is_outage(error):
        return error
    words = (str(error).strip().splitlines() or ["no answer"])[0]
    return CommandError(f"The database does not answer ({words}). Check DATABASE_URL, and that the server runs.")


def worker_count(text: str) -> int:
    """An argument that counts workers: 1 to 64."""
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1 to 64")
    return int(text)

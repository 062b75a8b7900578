"""The database itself: extensions, the empty schema, the public schema and the template schema."""

from collections.abc import Callable

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from tenants import context, schema_script

DATABASE_SQL = f"""
CREATE SCHEMA IF NOT EXISTS {context.NOBODY};
CREATE SCHEMA IF NOT EXISTS {context.EXTENSIONS};
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA {context.EXTENSIONS};
CREATE OR REPLACE FUNCTION {context.EXTENSIONS}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def prepare_database() -> None:
    """Create the empty schema, the extensions, and the function that keeps ledgers append-only."""
    with context.public_context(), connection.cursor() as cursor:
        cursor.execute(DATABASE_SQL)


def bootstrap(*, progress: Callable[[str], None] = lambda _: None) -> None:
    """Make the database ready: idempotent, and the first thing that runs on a new one."""
    progress("schemas and extensions")
    prepare_database()
    progress("public schema")
    migrate(context.PUBLIC)
    progress("template schema")
    ensure_template()


def ensure_template() -> None:
    """Create the template schema if it is missing, and migrate it to the present state of the code."""
    if not schema_script.exists(context.TEMPLATE):
        with context.public_context(), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(context.TEMPLATE)}")
    migrate(context.TEMPLATE)


def migrate(schema: str) -> None:
    """Run Django's migrations in one schema."""
    with context.schema_context(schema):
        # The command itself, because django-tenants puts a loop over all schemas under the name "migrate".
        call_command(Migrate(), interactive=False, verbosity=0, skip_checks=True)

"""The database itself: extensions, the empty schema, the public schema and the template schema."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from core.kernel import search_keys
from tenants import applied_migrations, context, rights, schema_script
from tenants.narrow_rendering import narrow_rendering

EXTENSIONS = ("btree_gist", "pg_trgm")


def database_sql(*, application: str) -> str:
    """What stands in the database beside its tables; run as its owner, with the trusted extensions that an owner may create."""
    schemas = (context.NOBODY, context.EXTENSIONS)
    made = [f"CREATE SCHEMA IF NOT EXISTS {schema};" for schema in schemas]
    made += [f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {context.EXTENSIONS};" for name in EXTENSIONS]
    return "\n".join([*made, search_keys.SQL, rights.functions(application)])


def prepare_database() -> None:
    """Create the empty schema, the extensions, and the functions that fold names, make organizations and keep tables append-only."""
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.connection.execute(database_sql(application=settings.DATABASE_ROLES["application"]).encode())


@context.as_database_owner()
def bootstrap(*, progress: Callable[[str], None] = lambda _: None) -> None:
    """Make the database ready: idempotent, and the first thing that runs on a new one."""
    progress("schemas and extensions")
    prepare_database()
    progress("public schema")
    migrate(context.PUBLIC)
    rights.settle_public()
    progress("template schema")
    ensure_template()
    rights.keep_template(applied_migrations.digest_of(context.TEMPLATE))


@context.as_database_owner()
def ensure_template() -> None:
    """Create the template schema if it is missing, and migrate it to the present state of the code."""
    if not schema_script.exists(context.TEMPLATE):
        with context.public_context(), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(context.TEMPLATE)}")
    migrate(context.TEMPLATE)


@context.as_database_owner()
def migrate(schema: str) -> None:
    """Run Django's migrations in one schema."""
    with context.schema_context(schema), narrow_rendering():
        # The command itself, because django-tenants puts a loop over all schemas under the name "migrate".
        call_command(Migrate(), interactive=False, verbosity=0, skip_checks=True)

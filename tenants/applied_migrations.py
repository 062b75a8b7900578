"""Which migrations a schema has: the rows of its django_migrations, and one digest of them."""

from hashlib import md5

from django.db import connection

from tenants import context

Migrations = frozenset[tuple[str, str]]


@context.as_database_owner()
def applied_in(schema: str) -> Migrations:
    """Return (application, migration) for every migration applied in `schema`."""
    with context.schema_context(schema), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


def digest(migrations: Migrations) -> str:
    """Return a short name for this set of migrations, the same as `digest_of` a schema that has them."""
    text = ",".join(f"{application}.{name}" for application, name in sorted(migrations))
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@context.as_database_owner()
def digest_of(schema: str) -> str:
    """Return the digest of the migrations applied in `schema`, computed by the database."""
    with context.schema_context(schema), connection.cursor() as cursor:
        cursor.execute(
            """SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app COLLATE "C", name COLLATE "C")) FROM django_migrations"""
        )
        return cursor.fetchone()[0]

"""Who the database takes us for: the last net under every query, whatever the code above believes.

Four kinds of PostgreSQL roles:

- the superuser makes the two logins and is used for nothing else (`prepare_roles`);
- the database owner owns every schema and table: migrations run as it, no web or worker process knows its password;
- the application's login owns nothing: by itself it reaches the public schema, and no organization's;
- each organization has a role without login, named like its schema, that reaches this schema alone. The application may become any of them
  and inherits from none; the backend enters it in the same statement as the search path.

What this holds: a wrong query, a forgotten condition, a schema's name in the wrong place. What it does not: somebody who can send statements of
their own over the application's connection may also send RESET ROLE. Values never become statements: the driver binds them on the server.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from psycopg import sql

from tenants import context
from tenants.deadlines import ConnectionWithDeadline
from tenants.schema_names import ORGANIZATION_SCHEMA

_ATTRIBUTES = {
    "owner": "LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEDB CREATEROLE",
    "application": "LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEDB NOCREATEROLE NOINHERIT",
}


@dataclass(frozen=True)
class Login:
    """A role that programs connect as."""

    name: str
    password: str


def role_of(schema: str, *, as_owner: bool) -> str:
    """The role that belongs to the schema in force."""
    if as_owner:
        return str(settings.DATABASE_ROLES["owner"])
    return schema if ORGANIZATION_SCHEMA.fullmatch(schema) else str(settings.DATABASE_ROLES["application"])


def connect_apart() -> psycopg.Connection[Any]:
    """A connection beside the pool, as the same login, in no organization: to listen on, or to ask who we are."""
    there = connection.settings_dict
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    place = {key: there[name] for key, name in keys.items() if there[name]}
    return psycopg.connect(**place, autocommit=True, connect_timeout=5)


def connect_as_owner() -> None:
    """Give all connections of this process, from here on, the database owner's address instead of the application's."""
    if settings.DATABASE_OWNER:
        connection.close()
        connection.close_pool()
        # The dictionary that connections of other threads are made from, too.
        connections.settings["default"].update(settings.DATABASE_OWNER)
        # A migration takes as long as it takes.
        connections.settings["default"]["OPTIONS"].pop("options", None)
        ConnectionWithDeadline.patience = None


def prepare_roles(superuser: psycopg.Connection[Any], *, owner: Login, application: Login) -> None:
    """Make the two logins, and hand this database with everything of ours in it to its owner. Safe to repeat; raises ImproperlyConfigured.

    This is also how an installation that ran as a superuser comes to roles: its tables change hands schema by schema.
    """
    own = superuser.execute("SELECT session_user").fetchone()
    if own is not None and own[0] in (owner.name, application.name):
        raise ImproperlyConfigured(
            f"DATABASE_URL and DATABASE_OWNER_URL must name logins of their own, and “{own[0]}” is the superuser."
        )
    if owner.name == application.name:
        raise ImproperlyConfigured("DATABASE_URL and DATABASE_OWNER_URL name the same login; they must differ.")
    with superuser.transaction():
        superuser.execute("SELECT pg_advisory_xact_lock(hashtext('prepare_roles'))")
        # Where the superuser is only an administrator of a hosted server, it may hand over what it owns to roles that it is in.
        superuser.execute("SELECT set_config('createrole_self_grant', 'set, inherit', true)")
        for kind, login in (("owner", owner), ("application", application)):
            _make_login(superuser, login, _ATTRIBUTES[kind])
        _hand_over_database(superuser, owner, application)
    for (schema,) in superuser.execute(_OUR_SCHEMAS).fetchall():
        with superuser.transaction():
            superuser.execute(sql.SQL(_HAND_OVER).format(schema=sql.Literal(schema), owner=sql.Literal(owner.name)))


def _make_login(superuser: psycopg.Connection[Any], login: Login, attributes: str) -> None:
    name = sql.Identifier(login.name)
    if not superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login.name]).fetchone():
        superuser.execute(sql.SQL("CREATE ROLE {}").format(name))
    superuser.execute(sql.SQL("ALTER ROLE {} " + attributes).format(name))
    if login.password:
        # Hashed here, because the server may log statements.
        hashed = superuser.pgconn.encrypt_password(login.password.encode(), login.name.encode(), b"scram-sha-256")
        superuser.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(hashed.decode())))


def _hand_over_database(superuser: psycopg.Connection[Any], owner: Login, application: Login) -> None:
    names = {
        "database": sql.Identifier(superuser.info.dbname),
        "owner": sql.Identifier(owner.name),
        "application": sql.Identifier(application.name),
    }
    for statement in (
        "ALTER DATABASE {database} OWNER TO {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",  # temporary tables too, which could stand before real ones
        "GRANT CONNECT ON DATABASE {database} TO {application}",
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ):
        superuser.execute(sql.SQL(statement).format(**names))


_OUR_SCHEMAS = f"""
    SELECT nspname FROM pg_namespace
    WHERE nspname IN ('{context.PUBLIC}', '{context.NOBODY}', '{context.EXTENSIONS}', '{context.TEMPLATE}')
       OR nspname ~ '{ORGANIZATION_SCHEMA.pattern}'
"""
_HAND_OVER = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT format('ALTER SCHEMA %I OWNER TO %I', n.nspname, {owner}) AS statement, n.nspowner AS held_by, 0 AS turn
        FROM pg_namespace n WHERE n.nspname = {schema}
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, {owner}), c.relowner, 1
        FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident({schema})) AND c.relkind IN ('r', 'p', 'v', 'm')
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, {owner}), p.proowner, 2
        FROM pg_proc p WHERE p.pronamespace = to_regnamespace(quote_ident({schema}))
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        ORDER BY turn
    LOOP
        IF found.held_by <> quote_ident({owner})::regrole THEN
            EXECUTE found.statement;
        END IF;
    END LOOP;
END $$
"""

"""Rights in the database, as SQL that the database owner keeps there: how an organization's schema comes about, and who may do what in it.

An organization is created by a function that runs with its owner's rights and replays the script kept beside it, so that the application can
make an organization, in one transaction with its rows, and can make nothing else.
"""

from django.conf import settings
from django.db import connection
from psycopg import sql

from tenants import context, schema_script
from tenants.schema_names import ORGANIZATION_SCHEMA

_FUNCTIONS = """
CREATE TABLE IF NOT EXISTS ext.template_script (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), digest text NOT NULL, script text NOT NULL,
    append_only text[] NOT NULL
);
CREATE OR REPLACE FUNCTION ext.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Append-only tables can be read and added to, and the record of migrations read: whatever a trigger would say to the rest.
CREATE OR REPLACE FUNCTION ext.keep_append_only(in_schema text, from_role text, append_only text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE found text;
BEGIN
    FOREACH found IN ARRAY append_only LOOP
        IF to_regclass(format('%I.%I', in_schema, found)) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I.%I FROM %I', in_schema, found, from_role);
        END IF;
    END LOOP;
    IF to_regclass(format('%I.django_migrations', in_schema)) IS NOT NULL THEN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I.django_migrations FROM %I', in_schema, from_role);
    END IF;
END $$;

-- Gives an organization its role, and the role its schema: what is there, and what migrations will make.
CREATE OR REPLACE FUNCTION ext.admit_organization(organization text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF organization !~ '{organization_schema}' THEN
        RAISE EXCEPTION '"%" is not the name of an organization', organization USING ERRCODE = 'invalid_schema_name';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = organization) THEN
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', organization);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles belong to the server: another database of it has made the same one at this moment
        END;
    END IF;
    EXECUTE format('GRANT %I TO {application} WITH INHERIT FALSE, SET TRUE', organization);
    EXECUTE format('GRANT USAGE ON SCHEMA %1$I TO %1$I', organization);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %1$I TO %1$I', organization);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %1$I TO %1$I', organization);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I', organization);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %1$I GRANT USAGE, SELECT ON SEQUENCES TO %1$I', organization);
    PERFORM ext.keep_append_only(organization, organization, t.append_only) FROM ext.template_script t;
END $$;

-- Makes the schema of a new organization from the template; returns the digest of the migrations that it has.
CREATE OR REPLACE FUNCTION ext.create_organization(organization text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE kept record;
BEGIN
    SELECT digest, script, append_only INTO STRICT kept FROM ext.template_script;
    EXECUTE format('CREATE SCHEMA %I', organization);
    PERFORM ext.admit_organization(organization);
    PERFORM set_config('search_path', format('%I, ext', organization), true);
    EXECUTE kept.script;
    PERFORM ext.keep_append_only(organization, organization, kept.append_only);
    RETURN kept.digest;
END $$;

REVOKE ALL ON FUNCTION ext.create_organization(text), ext.admit_organization(text), ext.keep_append_only(text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ext.create_organization(text) TO {application};
REVOKE ALL ON ext.template_script FROM PUBLIC;
GRANT USAGE ON SCHEMA {public}, ext TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {public} TO {application};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {public} TO {application};
ALTER DEFAULT PRIVILEGES IN SCHEMA {public} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application};
ALTER DEFAULT PRIVILEGES IN SCHEMA {public} GRANT USAGE, SELECT ON SEQUENCES TO {application};
"""
# Of the public schema an organization may do one thing: note that it has work.
_PUBLIC = """
GRANT INSERT ON public.tenants_duework TO PUBLIC;
SELECT ext.keep_append_only('public', {application_text}, ({append_only}));
"""
_APPEND_ONLY = """
SELECT coalesce(array_agg(DISTINCT c.relname::text), '{}') FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE g.tgfoid = 'ext.refuse_change()'::regprocedure AND n.nspname = '{schema}'
"""
_WITHOUT_RIGHTS = """
SELECT o.schema_name FROM public.tenants_organization o JOIN pg_namespace n ON n.nspname = o.schema_name
WHERE NOT EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
    WHERE r.rolname = o.schema_name AND m.member = (SELECT oid FROM pg_roles WHERE rolname = {application_text})
      AND has_schema_privilege(r.oid, n.oid, 'USAGE')
      AND EXISTS (SELECT FROM pg_default_acl d WHERE d.defaclnamespace = n.oid)
) ORDER BY 1
"""


def functions(application: str) -> str:
    """The functions and the application's rights, as SQL for a database that has the schemas `public` and `ext`."""
    return _filled(_FUNCTIONS, application)


def settle_public() -> None:
    """After the public schema was migrated: what organizations may do in it, and which of its tables are append-only."""
    _run(_filled(_PUBLIC.replace("{append_only}", _APPEND_ONLY.replace("{schema}", context.PUBLIC))))


def keep_template(digest: str) -> None:
    """Compile the template and keep its script for the organizations to come."""
    script = schema_script.compile_schema(context.TEMPLATE)
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ext.template_script (digest, script, append_only) SELECT %s, %s, ({_APPEND_ONLY.replace('{schema}', context.TEMPLATE)}) "
            "ON CONFLICT (only_row) DO UPDATE SET (digest, script, append_only) = (excluded.digest, excluded.script, excluded.append_only)",
            [digest, script],
        )


def create_schema(organization: str) -> str:
    """Make the schema and the role of a new organization, in the caller's transaction; returns the digest of its migrations."""
    with context.public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT ext.create_organization(%s)", [organization])
        return str(cursor.fetchone()[0])


def admit_organizations() -> list[str]:
    """Give every organization that has no role yet its own; returns their schemas. For installations from before there were roles."""
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute(_filled(_WITHOUT_RIGHTS))
        schemas = [row[0] for row in cursor.fetchall()]
        for schema in schemas:
            cursor.execute("SELECT ext.admit_organization(%s)", [schema])
    return schemas


def _filled(text: str, application: str = "") -> str:
    application = application or str(settings.DATABASE_ROLES["application"])
    return (
        text.replace("{application}", sql.Identifier(application).as_string())
        .replace("{application_text}", sql.Literal(application).as_string())
        .replace("{public}", context.PUBLIC)
        .replace("{organization_schema}", ORGANIZATION_SCHEMA.pattern)
    )


def _run(script: str) -> None:
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.connection.execute(script.encode())

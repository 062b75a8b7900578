"""The database as the last net: statements that the application could send by mistake, sent over its own login on a server like production's."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, sql

from deploy.local.services import temporary_postgres
from tenants import bootstrap, context
from tests.database import kept_scripts

ROOT = Path(__file__).parents[2]
OWN, OTHER = "t_one0000000", "t_two0000000"
DENIED = errors.InsufficientPrivilege


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    """A server that came to its roles by our own command, with two organizations made over the application's login."""
    with temporary_postgres(tmp_path_factory.mktemp("roles")) as running:
        manage(running, "prepare_roles")
        public, template = kept_scripts(ROOT / "var" / "test-schemas")
        with owner(running) as connection:
            connection.execute(bootstrap.database_sql(application="application").encode())
            connection.execute(f"SET search_path = {context.PUBLIC}, {context.EXTENSIONS};\n{public}".encode())
            connection.execute(f"CREATE SCHEMA template; SET search_path = template, ext;\n{template}".encode())
        manage(running, "bootstrap")
        with application(running) as connection:
            for name in (OWN, OTHER):
                connection.execute("SELECT ext.create_organization(%s)", [name])
        yield running


def manage(server, *words):
    environment = {**os.environ, **server.addresses(), "DJANGO_SETTINGS_MODULE": "deploy.settings.base"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def application(server):
    return psycopg.connect(server.addresses()["DATABASE_URL"], autocommit=True)


def owner(server):
    return psycopg.connect(server.addresses()["DATABASE_OWNER_URL"], autocommit=True)


def enter(connection, schema):
    connection.execute(
        "SELECT set_config('role', %s, false), set_config('search_path', %s, false)", [schema, f'"{schema}", "ext"']
    )


@pytest.fixture
def inside(server):
    """The application's connection, in one organization."""
    with application(server) as connection:
        enter(connection, OWN)
        yield connection


def test_organization_reads_and_writes_its_own(inside):
    inside.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
    assert inside.execute("DELETE FROM django_session RETURNING session_key").fetchall() == [("key",)]


HOSTILE = {
    "another schema by name": f"SELECT * FROM {OTHER}.people_user",
    "another schema's write": f"INSERT INTO {OTHER}.django_session VALUES ('key', 'data', now())",
    "another schema joined": f"SELECT * FROM people_user JOIN {OTHER}.people_user other USING (email)",
    "another schema's sequence": f"SELECT nextval('{OTHER}.django_content_type_id_seq')",
    "the template": "SELECT * FROM template.django_migrations",
    "the template's script": "SELECT script FROM ext.template_script",
    "organizations": "SELECT * FROM public.tenants_organization",
    "operators": "SELECT * FROM public.console_operator",
    "other people's due work": "SELECT * FROM public.tenants_duework",
    "a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "a folder of the server": "SELECT pg_ls_dir('/')",
    "a file by COPY": "COPY django_session FROM '/etc/passwd'",
    "a file by COPY TO": "COPY people_user TO '/tmp/people'",
    "a program by COPY": "COPY people_user TO PROGRAM 'cat'",
    "a program's output": "COPY django_session FROM PROGRAM 'id'",
    "a large object from a file": "SELECT lo_import('/etc/passwd')",
    "an emptied audit": "TRUNCATE kernel_auditevent",
    "a changed audit": "UPDATE kernel_auditevent SET action = 'x'",
    "a shortened audit": "DELETE FROM kernel_auditevent",
    "an audit without its trigger": "ALTER TABLE kernel_auditevent DISABLE TRIGGER ALL",
    "a dropped trigger": "DROP TRIGGER kernel_auditevent_append_only ON kernel_auditevent",
    "a replaced guard": "CREATE OR REPLACE FUNCTION ext.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "triggers that sleep": "SET session_replication_role = replica",
    "an emptied ledger": "TRUNCATE billing_ledgerentry",
    "a dropped table": "DROP TABLE people_user CASCADE",
    "a rewritten history of migrations": "DELETE FROM django_migrations",
    "a function with its maker's rights": "CREATE FUNCTION ext.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "a table": "CREATE TABLE mine (a int)",
    "a table that hides another": "CREATE TEMPORARY TABLE people_user (a int)",
    "a schema": "CREATE SCHEMA mine",
    "an extension": "CREATE EXTENSION hstore SCHEMA ext",
    "a role": "CREATE ROLE mine SUPERUSER",
    "more rights": f"GRANT USAGE ON SCHEMA {OTHER} TO {OWN}",
    "another organization made": "SELECT ext.create_organization('t_new0000000')",
    "an organization admitted": f"SELECT ext.admit_organization('{OTHER}')",
    "the owner": "SET ROLE owner",
    "the superuser": "SET ROLE postgres",
    "another login": "SET SESSION AUTHORIZATION owner",
    "the server's settings": "ALTER SYSTEM SET log_statement = 'all'",
    "the server's stop": "SELECT pg_reload_conf()",
    "passwords": "SELECT rolpassword FROM pg_authid",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_wrong_statement_is_denied(inside, statement):
    with pytest.raises(DENIED):
        inside.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        HOSTILE[name]
        for name in HOSTILE
        if name not in ("organizations", "operators", "other people's due work", "another organization made")
    ],
)
def test_application_without_an_organization_is_denied_the_same(server, statement):
    with application(server) as connection:
        connection.execute(f"SET search_path = {context.NOBODY}, {context.EXTENSIONS}")
        with pytest.raises((DENIED, errors.UndefinedTable)):
            connection.execute(statement)


def test_change_of_path_alone_opens_nothing(inside):
    inside.execute(f"SET search_path = {OTHER}, ext")
    with pytest.raises(errors.UndefinedTable):
        inside.execute("SELECT * FROM people_user")


def test_large_object_of_another_is_denied(server, inside):
    (number,) = inside.execute("SELECT lo_from_bytea(0, 'secret')").fetchone()
    with application(server) as other:
        enter(other, OTHER)
        with pytest.raises(DENIED):
            other.execute("SELECT lo_get(%s)", [number])


def test_statements_of_others_are_not_shown(server, inside):
    with application(server) as other:
        enter(other, OTHER)
        other.execute("SELECT 'word of another organization'")
        shown = inside.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.info.backend_pid]).fetchone()
    assert shown == ("<insufficient privilege>",)


def test_value_never_becomes_a_statement(server):
    """What the net does not hold: a statement of one's own may choose another role. The driver's binding is what keeps values values."""
    with application(server) as connection:
        enter(connection, OWN)
        with pytest.raises(errors.SyntaxError, match="multiple commands"):
            connection.execute("SELECT %s; RESET ROLE", ["x"])
        connection.execute("RESET ROLE")
        with pytest.raises(DENIED):
            connection.execute(f"SELECT * FROM {OTHER}.people_user")


def test_table_of_a_later_migration_is_the_organizations_own(server):
    with owner(server) as connection:
        connection.execute(f"CREATE TABLE {OWN}.later (id int GENERATED BY DEFAULT AS IDENTITY, a int)")
    with application(server) as connection:
        enter(connection, OWN)
        connection.execute("INSERT INTO later (a) VALUES (1)")
        enter(connection, OTHER)
        with pytest.raises(DENIED):
            connection.execute(f"SELECT * FROM {OWN}.later")


def test_owner_cannot_empty_an_append_only_table_by_mistake(server):
    with owner(server) as connection:
        for table in (f"{OWN}.kernel_auditevent", f"{OWN}.billing_ledgerentry", "public.tenants_organizationevent"):
            with pytest.raises(errors.IntegrityConstraintViolation, match="append-only"):
                connection.execute(f"TRUNCATE {table}")


def test_owner_reads_everything_as_a_dump_must_and_is_no_superuser(server):
    with owner(server) as connection:
        connection.execute(f"SELECT * FROM {OWN}.people_user")
        connection.execute(f"SELECT * FROM {OTHER}.people_user")
        with pytest.raises(DENIED):
            connection.execute("SELECT pg_read_file('/etc/passwd')")


def test_name_that_is_no_organizations_is_refused(server):
    with application(server) as connection:
        for name in ("postgres", "public", "t_UPPER00000", 't_x"; DROP SCHEMA public; --', "t_short"):
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT ext.create_organization(%s)", [name])


def test_organization_may_be_chosen_only_by_the_application(server):
    with owner(server) as connection, pytest.raises(DENIED):
        enter(connection, OWN)


def start(address, *words):
    """How a program of a real installation ends that is started with this address of the database; the web process unless others are named."""
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "deploy.settings.base", "DATABASE_URL": address,
        "PUBLIC_SCHEME": "https", "SECURE_COOKIES": "true",
    }  # fmt: skip
    program = [sys.executable, "-W", "ignore", *(words or ("-c", "import deploy.asgi"))]
    return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "program", ["", "manage.py run_outbox --once", "-m celery -A deploy.celery worker --pool solo"]
)
def test_start_up_refuses_a_superuser_with_a_sentence(server, program):
    ended = start(server.url(), *program.split())
    assert ended.returncode == 1
    assert "DATABASE_URL connects as “postgres”, a superuser" in ended.stderr and "prepare_roles" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_start_up_refuses_the_owner_and_whoever_reads_files(server):
    assert "who owns the database" in start(server.addresses()["DATABASE_OWNER_URL"]).stderr
    with psycopg.connect(server.url(), autocommit=True) as superuser:
        superuser.execute("GRANT pg_read_server_files TO application")
    try:
        assert "a member of pg_read_server_files" in start(server.addresses()["DATABASE_URL"]).stderr
    finally:
        with psycopg.connect(server.url(), autocommit=True) as superuser:
            superuser.execute("REVOKE pg_read_server_files FROM application")


def test_start_up_takes_the_application_and_a_database_that_is_away(server):
    for address in (server.addresses()["DATABASE_URL"], "postgresql://x:x@127.0.0.1:1/x"):
        ended = start(address)
        assert ended.returncode == 0, ended.stderr


def test_program_with_the_wrong_login_is_told_which_command_needs_which(server):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "deploy.settings.base",
        "DATABASE_URL": server.addresses()["DATABASE_URL"],
    }
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate_organizations"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1 and "DATABASE_OWNER_URL is not set" in ended.stderr


def test_installation_of_before_comes_to_roles(server):
    """Tables made by a superuser, organizations without a role: `prepare_roles`, then `migrate_organizations`."""
    old = "t_old0000000"
    _, template = kept_scripts(ROOT / "var" / "test-schemas")
    with psycopg.connect(server.url(), autocommit=True) as superuser:
        superuser.execute(f"CREATE SCHEMA {old}; SET search_path = {old}, ext;\n{template}".encode())
        superuser.execute(
            sql.SQL(
                "INSERT INTO public.tenants_organization (id, schema_name, name, slug, state, plan_id, owner_email, migration_digest, created_at) "
                "SELECT gen_random_uuid(), {}, 'Old', 'old', 'active', 'free', 'o@old.test', '', now()"
            ).format(old)
        )
    with application(server) as connection, pytest.raises(errors.InvalidParameterValue, match="does not exist"):
        enter(connection, old)

    manage(server, "prepare_roles")
    assert "1 organizations have a role of their own now" in manage(server, "migrate_organizations")

    with application(server) as connection:
        enter(connection, old)
        assert connection.execute("SELECT count(*) FROM people_user").fetchone() == (0,)
        with pytest.raises(DENIED):
            connection.execute("TRUNCATE kernel_auditevent")
    with owner(server) as connection:
        foreign = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace AND relowner <> 'owner'::regrole",
            [old],
        )
        assert foreign.fetchone() == (0,)

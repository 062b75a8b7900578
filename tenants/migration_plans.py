"""One plan from one starting point to the present code, in the fastest form that is safe."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import CreateModel

from tenants import context

# New models bring content types and permissions. They are copied with their ids, because these are the same in every schema.
_COPY_TYPES = """
INSERT INTO django_content_type SELECT * FROM {template}.django_content_type ON CONFLICT DO NOTHING;
INSERT INTO auth_permission SELECT * FROM {template}.auth_permission ON CONFLICT DO NOTHING;
SELECT setval(pg_get_serial_sequence('django_content_type', 'id'), (SELECT max(id) FROM django_content_type));
SELECT setval(pg_get_serial_sequence('auth_permission', 'id'), (SELECT max(id) FROM auth_permission));
"""


@dataclass
class MigrationPlan:
    """The migrations to apply, their script if they reduce to SQL, and the executor with the rendered state if they do not."""

    migrations: list[Migration]
    script: str | None
    executor: MigrationExecutor
    state: Any

    @property
    def way(self) -> str:
        return "replayed as SQL" if self.script is not None else "through Django's executor"

    def apply(self, schema: str, *, lock_timeout: str, digest: str) -> None:
        """Migrate the schema in force. In one transaction if replayed; else one per migration, as the migrations themselves say."""
        if self.script is not None:
            with transaction.atomic():
                _wait_at_most(lock_timeout)
                self._replay()
                _finish(schema, digest)
            return
        state = self.state
        for migration in self.migrations:
            state = self.executor.apply_migration(state.clone(), migration)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.connection.execute(self._types().encode())
            _finish(schema, digest)

    def _replay(self) -> None:
        records = "".join(
            f"INSERT INTO django_migrations (app, name, applied) VALUES ('{found.app_label}', '{found.name}', now());\n"
            for found in self.migrations
        )
        with connection.cursor() as cursor:
            # The driver itself, without parameters: only the simple protocol takes many statements at once.
            cursor.connection.execute(f"{self.script}\n{self._types()}{records}".encode())

    def _types(self) -> str:
        creates = any(isinstance(step, CreateModel) for found in self.migrations for step in found.operations)
        return _COPY_TYPES.format(template=connection.ops.quote_name(context.TEMPLATE)) if creates else ""


def make_plan(schema: str) -> MigrationPlan:
    """Plan from what `schema` has to what the code has."""
    with context.schema_context(schema):
        executor = MigrationExecutor(connection)
        migrations = [found for found, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        state = executor._create_project_state(with_applied_migrations=True)
        state.apps  # noqa: B018 because rendering once here saves it for every schema
        return MigrationPlan(migrations, _collect(migrations, state.clone()), executor, state)


def _collect(migrations: list[Migration], state: Any) -> str | None:
    """The SQL of all migrations, or None when one of them is more than SQL in a transaction."""
    statements: list[str] = []
    for migration in migrations:
        if not migration.atomic or not all(operation.reduces_to_sql for operation in migration.operations):
            return None
        with connection.schema_editor(collect_sql=True, atomic=True) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        statements += [found for found in editor.collected_sql if not found.startswith("--")]
    return "\n".join(statements)


def _wait_at_most(lock_timeout: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [lock_timeout])


def _finish(schema: str, digest: str) -> None:
    """Take the organization's rights to change new append-only tables, and note what it has now. Rights on new tables it has by default."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ext.keep_append_only(%s, %s, append_only) FROM ext.template_script", [schema, schema])
        cursor.execute(
            "UPDATE public.tenants_organization SET migration_digest = %s WHERE schema_name = %s", [digest, schema]
        )

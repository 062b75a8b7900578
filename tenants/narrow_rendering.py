"""Django's migrations of one schema, without rendering most models again after each step.

Stock Django renders, after each operation, every model that has to do with the one that was changed. Here nearly all have to do with the user,
so that an empty database took minutes, nearly all of them rendering. What an operation does in the database is read from its own model
and from the keys that this one refers to. So only that model is rendered, and all of them before a function in Python, which may ask for any.
A migration with an operation that looks at what refers *to* its model (a renamed model, another type of a key) goes Django's way.
What belongs to an app that this schema does not have changes the state only, as the router would have said for each step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import migrations, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import field_is_referenced

# Steps that look at their own model and at what it refers to.
_NARROW = (
    migrations.CreateModel,
    migrations.AddField,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterUniqueTogether,
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameIndex,
    migrations.RunPython,
)


class NarrowState(ProjectState):
    """The state of a project that renders, while it `is_narrow`, only the model that was changed."""

    is_narrow = False

    def clone(self) -> "NarrowState":
        cloned = super().clone()
        cloned.__class__ = type(self)
        cloned.is_narrow = self.is_narrow
        return cloned

    def _find_reload_model(self, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        if not self.is_narrow:
            return super()._find_reload_model(app_label, model_name, delay)
        self.is_delayed = True  # Django's word for: render all before somebody asks for more than one
        return {(app_label, model_name)}


class NarrowExecutor(MigrationExecutor):
    """Django's executor, which decides for each migration how widely to render."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> NarrowState:
        stock = super()._create_project_state(with_applied_migrations)
        return NarrowState(stock.models, stock.real_apps)

    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        if router.allow_migrate(self.connection.alias, migration.app_label) is False:
            state.is_narrow = True
            state = migration.mutate_state(state, preserve=False)
            return super().apply_migration(state, migration, fake=True)
        state.is_narrow = all(_is_narrow(operation, migration.app_label, state) for operation in migration.operations)
        if not state.is_narrow:
            state.clear_delayed_apps_cache()
        return super().apply_migration(state, migration, fake, fake_initial)


@contextmanager
def narrow_rendering() -> Iterator[None]:
    """Within it, Django's command `migrate` uses the executor above. For programs that do one thing at a time."""
    stock = migrate.MigrationExecutor
    migrate.MigrationExecutor = NarrowExecutor
    try:
        yield
    finally:
        migrate.MigrationExecutor = stock


def _is_narrow(operation: Operation, app: str, state: ProjectState) -> bool:
    """Whether the step looks at its own model only, and at what that one refers to."""
    if isinstance(operation, migrations.SeparateDatabaseAndState | migrations.RunSQL):
        inner = [*getattr(operation, "database_operations", ()), *operation.state_operations]
        return all(_is_narrow(found, app, state) for found in inner)
    if isinstance(operation, migrations.AlterField | migrations.RenameField):
        return not _may_be_referred_to(operation, app, state)
    return type(operation) in _NARROW


def _may_be_referred_to(operation: Any, app: str, state: ProjectState) -> bool:
    """Whether keys of other models may refer to this field. One that was made in the same migration is not known yet, and may."""
    key, name = (app, operation.model_name_lower), getattr(operation, "old_name", "") or operation.name
    model = state.models.get(key)
    before = model and model.fields.get(name)
    return before is None or field_is_referenced(state, key, (name, before))

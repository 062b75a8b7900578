"""Migrations rendered narrowly make what stock Django makes: of steps of every kind always, of the product's own by `make test-hard`."""

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

from tenants import applied_migrations, bootstrap, context, schema_comparison, schema_script
from tenants.narrow_rendering import NarrowExecutor

STOCK, NARROW = "t_stock00000", "t_narrow0000"
APP = "branding"  # any app that organizations have


def key(to, **options):
    return models.ForeignKey(f"{APP}.{to}", models.CASCADE, **options)


def herds(seen):
    """Herds of cows with calves, made and changed in as many ways as migrations know."""

    def look(apps, editor):
        herd, cow = apps.get_model(APP, "Herd"), apps.get_model(APP, "Cow")
        made = herd.objects.create(name="Alps")
        cow.objects.create(herd=made, name="Lise")
        # Asks from the far end, which must know who refers to it.
        seen.append([found.name for found in herd.objects.get(cow__name="Lise").cow_set.all()])
        seen.append(sorted(field.name for field in herd._meta.get_fields()))
        cow.objects.all().delete()
        herd.objects.all().delete()

    name = models.CharField(max_length=20, unique=True)
    number = models.AutoField(primary_key=True)
    steps = [
        [migrations.CreateModel("Herd", [("id", number), ("name", name)])],
        [
            migrations.CreateModel("Cow", [("id", models.BigAutoField(primary_key=True)), ("herd", key("Herd"))]),
            migrations.AddField("Cow", "name", models.CharField(max_length=20, default="")),
            migrations.AlterField("Cow", "name", models.TextField(default="")),
        ],
        [migrations.RunPython(look)],
        [migrations.CreateModel("Calf", [("cow_ptr", key("Cow", primary_key=True)), ("born", models.DateField())])],
        [migrations.AddField("Calf", "friends", models.ManyToManyField(f"{APP}.Cow", related_name="+"))],
        [migrations.AddField("Calf", "alp", key("Herd", to_field="name", null=True))],
        [migrations.AddIndex("Cow", models.Index(fields=["herd", "name"], name="cow_by_herd"))],
        [migrations.AddConstraint("Cow", models.CheckConstraint(condition=~models.Q(name="Ox"), name="no_ox"))],
        [migrations.AlterUniqueTogether("Cow", {("herd", "name")})],
        [migrations.RunPython(look)],
        # From here on, what refers to a model must follow its change.
        [migrations.AlterField("Herd", "id", models.BigAutoField(primary_key=True))],
        [migrations.AlterField("Herd", "name", models.CharField(max_length=40, unique=True))],
        [migrations.AlterField("Cow", "id", models.AutoField(primary_key=True))],
        [migrations.RunPython(look)],
        [
            migrations.SeparateDatabaseAndState(
                state_operations=[migrations.AddField("Herd", "nick", models.TextField(default=""))],
                database_operations=[migrations.AddField("Herd", "nick", models.TextField(db_default=""))],
            )
        ],
        [migrations.RenameField("Herd", "nick", "short")],
        [migrations.RenameField("Herd", "name", "title"), migrations.RenameField("Herd", "title", "name")],
        [migrations.RenameIndex("Cow", "cow_of_herd", old_name="cow_by_herd")],
        [migrations.RunSQL(f"COMMENT ON TABLE {APP}_cow IS 'gives milk'")],
        [migrations.RunSQL("SELECT 1", state_operations=[migrations.AlterModelOptions("Cow", {"ordering": ["name"]})])],
        [migrations.RenameModel("Cow", "Cattle")],
        [migrations.RemoveConstraint("Cattle", "no_ox"), migrations.RemoveIndex("Cattle", "cow_of_herd")],
        [migrations.RemoveField("Calf", "friends"), migrations.RemoveField("Calf", "alp")],
        [migrations.AlterModelTable("Cattle", f"{APP}_oxen")],
        [migrations.CreateModel("Bell", [("cattle", models.OneToOneField(f"{APP}.Cattle", models.CASCADE, primary_key=True))])],
        [migrations.DeleteModel("Calf")],
    ]  # fmt: skip
    return [made(f"90{index:02}", operations) for index, operations in enumerate(steps)]


def made(name, operations, app=APP):
    return type("Migration", (migrations.Migration,), {"operations": operations})(name, app)


def empty_schema(name):
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{name}"')


def migrate(schema, executor_class, steps):
    """Run the steps in an empty schema; returns how the schema looked after each."""
    empty_schema(schema)
    looks = []
    with context.as_database_owner(), context.schema_context(schema):
        # What the comparison asks for, beside the tables of the steps.
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE django_content_type (id int, app_label text, model text)")
            cursor.execute("CREATE TABLE auth_permission (id int, codename text, content_type_id int)")
        executor = executor_class(connection)
        executor.recorder.ensure_schema()
        state = executor._create_project_state()
        state.apps  # noqa: B018 because Django's command renders them before the first step
        for step in steps:
            state = executor.apply_migration(state, step)
            looks.append(schema_comparison.describe(schema))
    return looks


@pytest.fixture
def dropped(swept):
    yield
    for schema in filter(schema_script.exists, (STOCK, NARROW)):
        schema_script.drop(schema)


def test_each_step_makes_what_stock_django_makes(dropped):
    seen_by_stock, seen_narrowly = [], []

    stock = migrate(STOCK, MigrationExecutor, herds(seen_by_stock))
    narrow = migrate(NARROW, NarrowExecutor, herds(seen_narrowly))

    for step, (left, right) in enumerate(zip(stock, narrow, strict=True)):
        assert left == right, f"step {step}"
    assert seen_narrowly == seen_by_stock
    assert seen_narrowly[0] == ["Lise"] and "calf" in seen_narrowly[3]


def test_most_steps_render_one_model(dropped, monkeypatch):
    rendered = []
    stock = NarrowExecutor.apply_migration

    def apply(self, state, migration, fake=False, fake_initial=False):
        after = stock(self, state, migration, fake, fake_initial)
        rendered.append(after.is_narrow)
        return after

    monkeypatch.setattr(NarrowExecutor, "apply_migration", apply)
    migrate(NARROW, NarrowExecutor, herds([]))

    wide = {index for index, is_narrow in enumerate(rendered) if not is_narrow}
    # A field of a model that is not known before, keys and names that others refer to, another name of a model or its table.
    assert wide == {1, 10, 11, 12, 16, 20, 23}


def test_app_that_the_schema_does_not_have_is_noted_and_makes_nothing(dropped):
    ran = []
    steps = [
        made("9001", [migrations.CreateModel("Herd", [("id", models.AutoField(primary_key=True))])], app="tenants"),
        made("9002", [migrations.RunPython(lambda apps, editor: ran.append(1))], app="tenants"),
        made("9003", [migrations.RunSQL("CREATE TABLE tenants_cow ()")], app="tenants"),
    ]

    for schema, executor in ((STOCK, MigrationExecutor), (NARROW, NarrowExecutor)):
        look = migrate(schema, executor, steps)[-1]
        assert not [definition for kind, definition in look if kind == "column" and "tenants_" in definition]
        assert ("tenants", "9003") in applied_migrations.applied_in(schema)
    assert schema_comparison.differences(STOCK, NARROW) == []
    assert ran == []


@pytest.mark.hard
@pytest.mark.timeout(1800)  # seconds; stock Django needs three minutes of a free core
def test_all_migrations_make_what_stock_django_makes(dropped):
    empty_schema(STOCK)
    with context.as_database_owner(), context.schema_context(STOCK):
        call_command(Migrate(), interactive=False, verbosity=0, skip_checks=True)
    empty_schema(NARROW)

    bootstrap.migrate(NARROW)

    assert schema_comparison.differences(STOCK, NARROW) == []

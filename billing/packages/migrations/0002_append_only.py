from django.db import migrations

GUARDS = """
CREATE TRIGGER packages_unitentry_append_only BEFORE UPDATE OR DELETE ON packages_unitentry
FOR EACH ROW EXECUTE FUNCTION ext.refuse_change();
CREATE TRIGGER packages_unitentry_never_emptied BEFORE TRUNCATE ON packages_unitentry
FOR EACH STATEMENT EXECUTE FUNCTION ext.refuse_change()
"""
AWAY = """
DROP TRIGGER packages_unitentry_append_only ON packages_unitentry;
DROP TRIGGER packages_unitentry_never_emptied ON packages_unitentry
"""


class Migration(migrations.Migration):
    """The ledger of units is append-only in the database itself: a correction is another row."""

    dependencies = [("packages", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, AWAY)]

from django.db import migrations

GUARD = """
CREATE TRIGGER tenants_organizationevent_never_emptied BEFORE TRUNCATE ON tenants_organizationevent
FOR EACH STATEMENT EXECUTE FUNCTION ext.refuse_change()
"""


class Migration(migrations.Migration):
    """The history of organizations cannot be emptied in one go either, not even by the owner of the table."""

    dependencies = [("tenants", "0007_failed_work")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER tenants_organizationevent_never_emptied ON tenants_organizationevent")]

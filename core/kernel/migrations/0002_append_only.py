from django.db import migrations

GUARD = """
CREATE TRIGGER kernel_auditevent_append_only BEFORE UPDATE OR DELETE ON kernel_auditevent
FOR EACH ROW EXECUTE FUNCTION ext.refuse_change()
"""


class Migration(migrations.Migration):
    """The audit is append-only in the database itself."""

    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER kernel_auditevent_append_only ON kernel_auditevent")]

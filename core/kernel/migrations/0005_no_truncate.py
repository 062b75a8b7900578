from django.db import migrations

GUARD = """
CREATE TRIGGER kernel_auditevent_never_emptied BEFORE TRUNCATE ON kernel_auditevent
FOR EACH STATEMENT EXECUTE FUNCTION ext.refuse_change()
"""


class Migration(migrations.Migration):
    """The audit cannot be emptied in one go either, not even by the owner of the table."""

    dependencies = [("kernel", "0004_failing_promises")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER kernel_auditevent_never_emptied ON kernel_auditevent")]

from django.db import migrations

GUARD = """
CREATE TRIGGER billing_ledgerentry_append_only BEFORE UPDATE OR DELETE ON billing_ledgerentry
FOR EACH ROW EXECUTE FUNCTION ext.refuse_change()
"""


class Migration(migrations.Migration):
    """The ledger is append-only in the database itself: a correction is a reversing row."""

    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER billing_ledgerentry_append_only ON billing_ledgerentry")]

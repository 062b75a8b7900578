from django.db import migrations

GUARD = """
CREATE TRIGGER billing_ledgerentry_never_emptied BEFORE TRUNCATE ON billing_ledgerentry
FOR EACH STATEMENT EXECUTE FUNCTION ext.refuse_change()
"""


class Migration(migrations.Migration):
    """The ledger cannot be emptied in one go either, not even by the owner of the table."""

    dependencies = [("billing", "0009_only_claims_are_credited")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER billing_ledgerentry_never_emptied ON billing_ledgerentry")]

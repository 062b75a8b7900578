from django.db import migrations, models

NO_CODE = models.CharField(blank=True, max_length=60)
NO_VALUES = models.JSONField(blank=True, default=dict)
IN_OWN_WORDS = models.TextField(blank=True)


class Migration(migrations.Migration):
    """A reason that the product gives is a code with its values; a person's own words stay text."""

    dependencies = [("billing", "0005_stripes_words"), ("kernel", "0003_audit_reason_codes")]

    operations = [
        migrations.AlterField("charge", "description", models.CharField(blank=True, max_length=200)),
        migrations.RenameField("ledgerentry", "note", "reason"),
        *(migrations.AlterField(model, "reason", IN_OWN_WORDS) for model in ("charge", "refund", "ledgerentry")),
        *(
            step
            for model in ("charge", "refund", "ledgerentry")
            for step in (
                migrations.AddField(model, "reason_code", NO_CODE),
                migrations.AddField(model, "reason_values", NO_VALUES),
            )
        ),
        *(
            step
            for model in ("payment", "refund")
            for step in (
                migrations.AddField(model, "failure_code", NO_CODE),
                migrations.AddField(model, "failure_values", NO_VALUES),
            )
        ),
    ]

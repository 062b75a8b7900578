from django.db import migrations, models


class Migration(migrations.Migration):
    """What was credited of a claim, apart from what was refunded; whether a draft's payer was chosen by hand; a card's fingerprint."""

    dependencies = [("billing", "0007_sentences_to_codes")]

    operations = [
        migrations.AddField("invoice", "credited_amount", models.PositiveBigIntegerField(default=0, db_default=0)),
        migrations.AddConstraint(
            "invoice",
            models.CheckConstraint(
                condition=models.Q(credited_amount__lte=models.F("total_amount")), name="invoice_credit_within_total"
            ),
        ),
        migrations.AddField("invoice", "has_chosen_payer", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("refund", "keeps_claim", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("refund", "credited_amount", models.PositiveBigIntegerField(default=0, db_default=0)),
        migrations.AddField(
            "savedcard", "fingerprint", models.CharField(blank=True, default="", db_default="", max_length=40)
        ),
    ]

from django.conf import settings
from django.db import migrations, models

RENAME_PROMISES = """
UPDATE kernel_outboxmessage SET name = 'billing.cancel_payment' WHERE name = 'billing.give_up_payment';
UPDATE kernel_outboxmessage SET name = 'billing.create_refund' WHERE name = 'billing.give_back'
"""
NAME_PROMISES_AS_BEFORE = """
UPDATE kernel_outboxmessage SET name = 'billing.give_up_payment' WHERE name = 'billing.cancel_payment';
UPDATE kernel_outboxmessage SET name = 'billing.give_back' WHERE name = 'billing.create_refund'
"""

# Said in SQL, because Django renames content types only for its own command, and organizations are migrated without it.
RENAME_CONTENT_TYPE = "UPDATE django_content_type SET model = 'customer' WHERE app_label = 'billing' AND model = 'cardholder'"
CONTENT_TYPE_AS_BEFORE = (
    "UPDATE django_content_type SET model = 'cardholder' WHERE app_label = 'billing' AND model = 'customer'"
)


class Migration(migrations.Migration):
    """Models and fields take Stripe's words: customer, saved, cancellation. Every row stays."""

    dependencies = [
        ("billing", "0004_unit_in_any_words"),
        ("kernel", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cardholder", name="card_holder_once"),
        migrations.RenameModel("CardHolder", "Customer"),
        migrations.RenameField("savedcard", "holder", "customer"),
        migrations.AlterField(
            "customer",
            "user",
            models.ForeignKey(
                on_delete=models.CASCADE, related_name="processor_customers", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            "customer",
            "account",
            models.ForeignKey(on_delete=models.CASCADE, related_name="customers", to="billing.paymentaccount"),
        ),
        migrations.AddConstraint(
            "customer", models.UniqueConstraint(fields=("user", "account"), name="customer_once")
        ),
        migrations.RenameField("payment", "keeps_card", "saves_card"),
        migrations.RenameField("invoice", "voided_at", "cancelled_at"),
        migrations.RenameField("invoice", "void_reason", "cancellation_reason"),
        migrations.RunSQL(RENAME_PROMISES, NAME_PROMISES_AS_BEFORE),
        migrations.RunSQL(RENAME_CONTENT_TYPE, CONTENT_TYPE_AS_BEFORE),
    ]

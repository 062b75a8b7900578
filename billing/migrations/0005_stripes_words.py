from django.conf import settings
from django.db import migrations, models

RENAMED_PROMISES = {"billing.give_up_payment": "billing.cancel_payment", "billing.give_back": "billing.create_refund"}


def rename_promises(apps, schema_editor):
    """What waits in the outbox keeps its handler."""
    messages = apps.get_model("kernel", "OutboxMessage").objects
    for before, after in RENAMED_PROMISES.items():
        messages.filter(name=before).update(name=after)


def name_promises_as_before(apps, schema_editor):
    messages = apps.get_model("kernel", "OutboxMessage").objects
    for before, after in RENAMED_PROMISES.items():
        messages.filter(name=after).update(name=before)


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
        migrations.RunPython(rename_promises, name_promises_as_before),
    ]

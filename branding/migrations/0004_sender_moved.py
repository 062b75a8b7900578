from django.db import migrations, models


class Migration(migrations.Migration):
    """Who sends is kept by branding.senders. The column stays for the release before, and goes with the next one."""

    dependencies = [("branding", "0003_names_in_mail")]
    operations = [
        migrations.AlterField("brand", "sender_address", models.EmailField(blank=True, db_default="", max_length=254)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("brand", "sender_address")]),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """What an operator typed when their session had ended is there again once they have signed in."""

    dependencies = [("console", "0004_failures_by_account_and_device")]
    operations = [
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("key", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=40)),
                ("path", models.CharField(max_length=300)),
                ("encrypted_text", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]

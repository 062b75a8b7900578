from django.db import migrations


class Migration(migrations.Migration):
    """The columns go with the release after this one, because processes of the one before still ask for them while it is rolled out."""

    dependencies = [
        ('tenants', '0010_host_states'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='domain', name='share_key'),
                migrations.RemoveField(model_name='domain', name='share_until'),
            ],
        ),
    ]

from django.db import migrations, models

CAREFUL = "UPDATE branding_brand SET names_in_mail = false WHERE vocabulary = 'clinic'"


class Migration(migrations.Migration):
    """Whether mail and calendar files name clients and services is a choice; practices of health begin with the careful one."""

    dependencies = [("branding", "0002_logo_grounds")]
    operations = [
        migrations.AddField("brand", "names_in_mail", models.BooleanField(db_default=True, default=True)),
        migrations.RunSQL(CAREFUL, migrations.RunSQL.noop),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("console", "0001_initial")]

    operations = [migrations.RenameField("operator", "sealed_secret", "encrypted_secret")]

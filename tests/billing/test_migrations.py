"""What a migration changes besides tables."""

from importlib import import_module

from django.db import connection

TYPES = "SELECT id, model FROM django_content_type WHERE app_label = 'billing' AND model IN ('cardholder', 'customer')"


def test_content_type_keeps_its_id_under_the_models_new_name(till):
    migration = import_module("billing.migrations.0005_stripes_words")
    with connection.cursor() as cursor:
        ((number, _name),) = cursor.execute(TYPES).fetchall()
        cursor.execute(migration.CONTENT_TYPE_AS_BEFORE)
        older = cursor.execute(TYPES).fetchall()

        cursor.execute(migration.RENAME_CONTENT_TYPE)

        assert older == [(number, "cardholder")]
        assert cursor.execute(TYPES).fetchall() == [(number, "customer")]

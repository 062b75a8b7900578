from django.db import migrations

# Typed before lines and addresses were made ones that can be seen. A name that was nothing else is left, because a login needs one.
_ENDS = r"[\t\n\r\u0085\u2028\u2029]+"
_UNSEEN = r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u3164\u2800\uffa0\u115f\u1160]"
_IN_ADDRESSES = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u3164\u2800\uffa0\u115f\u1160]"
NAMES = [
    ("people_user", "name"), ("people_client", "first_name"), ("people_client", "last_name"), ("people_staffmember", "title"),
    ("people_agent", "agency"),
]  # fmt: skip


def _name(table: str, column: str) -> str:
    seen = f"btrim(regexp_replace(regexp_replace({column}, '{_ENDS}', ' ', 'g'), '{_UNSEEN}', '', 'g'))"
    return f"UPDATE {table} SET {column} = {seen} WHERE {column} <> {seen} AND {seen} <> '';"


ADDRESSES = f"""
UPDATE people_client SET email = regexp_replace(email, '{_IN_ADDRESSES}', '', 'g') WHERE email ~ '{_IN_ADDRESSES}';
UPDATE people_user AS it SET email = lower(regexp_replace(email, '{_IN_ADDRESSES}', '', 'g'))
WHERE email ~ '{_IN_ADDRESSES}' AND NOT EXISTS (
    SELECT 1 FROM people_user AS other
    WHERE other.id <> it.id AND lower(regexp_replace(other.email, '{_IN_ADDRESSES}', '', 'g')) = lower(regexp_replace(it.email, '{_IN_ADDRESSES}', '', 'g'))
);
"""


class Migration(migrations.Migration):
    """Names of one line that can be seen, and addresses that can be typed; two logins whose addresses would become one stay as they are."""

    dependencies = [("people", "0007_search_keys")]
    operations = [
        migrations.RunSQL("\n".join(_name(*each) for each in NAMES) + ADDRESSES, migrations.RunSQL.noop),
    ]

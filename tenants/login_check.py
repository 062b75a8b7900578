"""Start-up stops, with a sentence, where the application would run with more rights in the database than it should have."""

import logging
import sys

import psycopg
from django.conf import settings

from tenants import roles

logger = logging.getLogger(__name__)

_QUESTION = r"""
SELECT r.rolname, r.rolsuper, pg_has_role(r.oid, d.datdba, 'MEMBER'), r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication,
       ARRAY(SELECT p.rolname::text FROM pg_roles p WHERE p.rolname LIKE 'pg\_%' AND pg_has_role(r.oid, p.oid, 'MEMBER') ORDER BY 1)
FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()
"""
_CURE = "Give it a login of its own: `manage.py prepare_roles` makes one, see docs/operations.md."


def problem() -> str:
    """What is wrong with the login that we are connected as, as a sentence; empty when it may do no more than it should."""
    with roles.connect_apart() as connection:
        found = connection.execute(_QUESTION).fetchone()
    if found is None:
        return ""
    name, superuser, owner, attributes, groups = found
    if superuser:
        return f"DATABASE_URL connects as “{name}”, a superuser: it could read every organization and the server's files. {_CURE}"
    if owner:
        return f"DATABASE_URL connects as “{name}”, who owns the database and could change any table. {_CURE}"
    if attributes:
        return f"DATABASE_URL connects as “{name}”, who may make roles or databases, or copy everything. {_CURE}"
    if groups:
        return f"DATABASE_URL connects as “{name}”, a member of {', '.join(groups)}. {_CURE}"
    return ""


def stop_if_unsafe() -> None:
    """End the program with the sentence. With the database away it starts, and the backend looks at every new connection."""
    if not settings.REFUSE_SUPERUSER:
        return
    try:
        found = problem()
    except psycopg.Error as error:
        logger.warning("the database is away at start-up: %s", type(error).__name__)
        return
    if found:
        sys.exit(found)

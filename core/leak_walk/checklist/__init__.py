"""What counts as a leak: rows, captures and checks, without a database."""

# Because a check registers itself when its module is read.
from core.leak_walk.checklist import host_checks, mail_checks, page_checks  # noqa: F401

"""What an organization's schema is called: generated, never a customer's word. Its role in the database has the same name."""

import re

ORGANIZATION_SCHEMA = re.compile(r"^t_[a-z0-9]{10}$")

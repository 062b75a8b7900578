"""`make code`: the operator's one-time code at this moment, for the demo."""

import json
import sys
import time
from pathlib import Path

from tenants.operators.one_time_codes import current_code

if __name__ == "__main__":
    facts = json.loads(Path(sys.argv[1] if len(sys.argv) > 1 else "var/demo.json").read_text())
    print(current_code(facts["operator"]["users"][0]["totp_secret"], time.time()))

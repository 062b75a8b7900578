"""`python -m sessions_live.sfu`: run the media workers that the environment describes (docs/adr/0013-live-media.md)."""

import os
import sys

from .config import ConfigError, read
from .process import start, supervise


def main() -> int:
    """Read the environment and run; a wrong setting is told in one sentence."""
    try:
        config = read(os.environ)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if config.workers > 1:
        return supervise(config)
    start(config)
    return 0


if __name__ == "__main__":
    sys.exit(main())

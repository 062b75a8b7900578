"""Draws one file in a process of its own, which the system ends when it takes too long or too much: nobody can ask the typesetter to stop.

`python drawing_program.py main.typ` writes a PNG; what is not drawn within the limits ends with another status.
"""

import resource
import sys

import typst

SECONDS = 2  # of the processor
MOST_BYTES = 256 * 1024 * 1024  # of addresses, of which the program itself takes a third


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    made = typst.compile(sys.argv[1], format="png", ppi=72.0, ignore_system_fonts=True)
    sys.stdout.buffer.write(made[0] if isinstance(made, list) else made)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()

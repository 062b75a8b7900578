"""What the tests of the workers promise."""

NOTHING = "tests.nothing"
SLOW = "tests.slow"
BROKEN = "tests.broken"

"""Times that people ask for: several that would suit, one of which is accepted, others proposed instead, or none."""

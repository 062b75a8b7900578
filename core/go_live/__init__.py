"""An organization brought live by one call: everything that its owner would type in, read from one JSON file."""

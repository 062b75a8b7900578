"""Settings, read from the environment by strict readers."""

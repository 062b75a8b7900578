"""The leak walk: looks at everything that an organization's people receive, and reports where somebody else's name, host or mark shows."""

"""Programs for development: servers from wheels, mail catcher, payment sandbox, the demo."""

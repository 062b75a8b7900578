"""Rules of wages, pure."""

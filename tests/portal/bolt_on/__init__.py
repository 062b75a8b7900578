"""A bolt-on app, of which nothing in the product knows."""

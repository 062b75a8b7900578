"""Composition root: settings, URLs, servers, containers."""

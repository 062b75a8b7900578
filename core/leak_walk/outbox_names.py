"""Promises of the leak walk."""

WALK = "leak_walk.walk"

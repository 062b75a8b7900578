"""Whiteboards: one Yjs document for each, kept as a log of updates and a snapshot, drawn on by everybody who may."""

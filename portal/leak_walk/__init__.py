"""The pages of leak reports."""

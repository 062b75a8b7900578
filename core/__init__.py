"""The shared practice, one application per subject."""

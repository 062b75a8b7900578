"""What is done with recordings: asked for and agreed to, stopped, composed, read and deleted."""

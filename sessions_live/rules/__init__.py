"""Pure rules of live sessions."""

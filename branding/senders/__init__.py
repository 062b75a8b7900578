"""From which address an organization's mail leaves, by whom it is signed, and what the DNS has to say for it."""

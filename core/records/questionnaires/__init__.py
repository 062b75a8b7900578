"""Forms that clients fill in: what they ask, in which version, of whom, and what was answered and signed."""

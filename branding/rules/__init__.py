"""What a brand is derived from: pure rules, no database and no framework."""

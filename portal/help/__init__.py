"""The pages of the help centre, and those on which an organization writes it."""

"""Every entrance asked with another organization's ids."""

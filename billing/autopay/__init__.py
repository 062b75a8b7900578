"""Charging the card on file with its holder's mandate: by hand, at issue or when due, again by a plan; and watching cards that expire."""

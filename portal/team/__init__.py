"""Public cards: written by each person, released by whoever looks after staff. Readers find them on the website."""

"""Everything that changes the books: door → rule → write → audit → signal → promise, in one transaction."""

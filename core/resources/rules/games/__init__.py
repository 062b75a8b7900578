"""What is played with the cards of a set, alone or by everybody in a session: each game by its rules, and the table on which one lies."""

"""How a board's document is written and what may stand in it, its colours, and how it is drawn as a file: pure."""

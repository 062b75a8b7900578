"""Live sessions: rooms, their pages and messages, and the media server that stands apart from them."""

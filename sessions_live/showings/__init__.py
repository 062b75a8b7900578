"""What a host puts before everybody in a session: a resource, or a file of the client's."""

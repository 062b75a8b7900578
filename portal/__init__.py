"""Every page: one folder per room under the name of the room."""

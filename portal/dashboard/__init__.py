"""The signed-in home: panels that the rooms contribute."""

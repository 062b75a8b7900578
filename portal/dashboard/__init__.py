"""The signed-in home: panels that the apps contribute."""

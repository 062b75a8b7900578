"""Every page: one folder per app under the name of the app."""

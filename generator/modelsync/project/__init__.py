"""A project: its config, its specs, and why a file of it changes."""

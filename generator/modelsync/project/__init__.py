"""A project: its config, its specs, and the reasons for changes."""

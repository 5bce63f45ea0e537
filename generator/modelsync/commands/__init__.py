"""The flow of each command, from its arguments to its result: nothing here prints."""

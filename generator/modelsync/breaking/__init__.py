"""What breaks if a schema replaces an earlier one."""

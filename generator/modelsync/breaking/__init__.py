"""What breaks if a schema takes the place of an earlier one: for documents, and for code."""

"""The text of sources -> values with positions."""

"""The schema: definitions and types, and what a type means in JSON."""

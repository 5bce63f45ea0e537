"""Schemas -> nodes of spec documents, and findings."""

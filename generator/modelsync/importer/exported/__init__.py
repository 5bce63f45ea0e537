"""Schemas that modelsync has written -> the specs that they come from: the export in reverse."""

"""The files of an import: their dialects, their definitions, and where references lead."""

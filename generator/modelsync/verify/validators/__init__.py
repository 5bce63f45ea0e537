"""Programs that say which documents a JSON Schema accepts: one module per validator."""

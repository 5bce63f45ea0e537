"""The spec language: YAML text -> nodes with positions -> schema."""

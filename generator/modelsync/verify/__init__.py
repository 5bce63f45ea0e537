"""Hold what was generated against the real compilers of its language."""

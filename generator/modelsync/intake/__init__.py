"""What `transcribe` and `import` share, after each has read its sources.

A schema that no one wrote as specs breaks rules and has names that languages refuse: both are fixed
as you would fix them by hand. Its specs are then written so that no edit of yours is lost.
"""

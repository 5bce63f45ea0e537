"""The words for what a command found: text, JSON, SARIF, GitHub annotations."""

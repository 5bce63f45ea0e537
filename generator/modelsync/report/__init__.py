"""What the commands print: text, JSON, SARIF and GitHub annotations."""

"""What to change on the disk, and the manifest of the files that modelsync owns."""

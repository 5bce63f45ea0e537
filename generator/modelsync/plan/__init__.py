"""What has to change on the disk, and the manifest of what modelsync owns: pure functions."""

"""Plan the changes of files, and record the files that modelsync owns."""

"""The pages around the reports: list and search, definitions, sources, what changed. All open from a file system."""

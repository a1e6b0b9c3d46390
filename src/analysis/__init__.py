"""Statistics about children in care and child protection in England, from source to report."""

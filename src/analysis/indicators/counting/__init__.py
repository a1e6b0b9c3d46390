"""The published indicators, counted from child-level returns by named rules in SQL."""

"""Child-level returns: SSDA903, CIN Census and Ofsted's Annex A, read into a few plain tables. Nothing here leaves the machine."""

"""Made-up child-level returns that agree with one another, with the true answers beside them."""

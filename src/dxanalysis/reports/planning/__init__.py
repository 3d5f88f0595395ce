"""Which notebook for which parameters, checked before anything runs."""

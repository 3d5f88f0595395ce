"""Input-output and supply-use tables: frozen values whose identities hold, and what is made of one table from another."""

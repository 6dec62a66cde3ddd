"""How much of the spread of an outcome each unsure input accounts for, over its whole range."""

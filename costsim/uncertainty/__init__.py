"""How the answer moves when the inputs do."""

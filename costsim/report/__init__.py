"""What people see: the screen, and the words and tables on it."""

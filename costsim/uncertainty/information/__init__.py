"""What it would be worth to know more before deciding: all, some inputs, or a sample of one."""

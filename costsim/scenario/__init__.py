"""The scenario: the whole decision problem, as one file states it."""

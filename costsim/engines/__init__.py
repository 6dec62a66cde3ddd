"""Engines that run a plan: one contract, of which the SimPy engine is the reference."""

"""Prices applied to what was simulated: costs, savings and the appraisal. Knows no engine."""

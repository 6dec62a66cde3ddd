"""The parts of the audit workbook, sheet by sheet: each writes formulas and what they come to."""

"""The spreadsheets of a report: the results as values, and the account that an auditor follows."""

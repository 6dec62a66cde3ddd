"""What a run leaves behind: records, tables, estimates, the summary and the results folder."""

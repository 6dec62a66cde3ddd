"""Pictures of analyses: how sure it is, what drives it, and where it breaks even."""

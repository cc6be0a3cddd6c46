"""What the workflows run, and a person can: checks of the workflows, scans, releases, reports."""

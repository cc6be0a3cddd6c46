"""A photo that a person sent: decoded in a process with bounds of its own."""

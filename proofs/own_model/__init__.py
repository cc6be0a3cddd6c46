"""When a GPU of one's own pays."""

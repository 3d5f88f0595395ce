"""Series on their own: models without peers."""

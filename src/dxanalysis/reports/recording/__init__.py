"""What a notebook says, once, for every output."""

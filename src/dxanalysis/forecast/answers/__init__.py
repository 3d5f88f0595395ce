"""What a forecast answers: is the target met, by when, what would it take, which rank, how many, the sum."""

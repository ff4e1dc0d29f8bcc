"""What a bundle can be: each situation is a small function that lays pages on the desk, with their truth."""

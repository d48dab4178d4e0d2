"""What is held of people, how long, and what they are shown of it."""

"""What is asked: the life cycle of an alert, its approval, its wording per channel."""

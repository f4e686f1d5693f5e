"""What a newcomer does: the command, the county that it plants, and a browser."""

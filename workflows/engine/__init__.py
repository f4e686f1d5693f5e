"""What every case is made of: its state, its messages, its one commit, its one timer."""

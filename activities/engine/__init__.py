"""The commit of a transition, the seating of people, the deadlines, the courier and the caretaker."""

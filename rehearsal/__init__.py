"""A programme year in minutes: the whole product over simulated time, with people who follow a script."""

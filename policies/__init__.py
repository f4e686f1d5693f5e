"""Rules: pure functions over facts and a policy pack; standard library only, no clock, no file."""

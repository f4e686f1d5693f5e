"""Desks: what a person or a client may ask of Pinyong. They write facts and inbox rows, and nothing else."""

"""A year of Deqing: doctors sent down to the townships, or trainees up to the hospitals."""

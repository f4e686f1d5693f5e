"""Tools for those who work on Pinyong; no part of the product."""

"""Keys and ciphers: what keeps names, numbers and links unreadable outside the product (design 9)."""

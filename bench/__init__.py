"""What Pinyong costs beside a bare workflow: `python -m bench`. Nothing here is part of the product."""

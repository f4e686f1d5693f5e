"""The product's worker with the bench's own workflow beside the product's; everything else is the product's."""

import os
import sys

import worker
from bench.lifecycle import Unit

if __name__ == "__main__":
    worker.LIFECYCLES = (*worker.LIFECYCLES, Unit)  # type: ignore[assignment]  # one more than the product's tuple
    worker.PURE = worker.PURE.with_passthrough_modules("bench")
    code = worker.main()
    sys.stdout.flush()
    sys.stderr.flush()
    # As in worker.py: the interpreter's own way out aborts now and then in the threads of Temporal's core.
    os._exit(code)

"""`python -m audit.verifier PACK`: the verifier out of its modules."""

import sys

from audit.verifier.verdict import main

if __name__ == "__main__":
    sys.exit(main())

"""Stop with one clear line where Python is older than the project needs. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This is Python {}.{}; the project needs 3.11 or newer. Install it, and run make with "
        "PYTHON=python3.11 (or the like).".format(*sys.version_info)
    )

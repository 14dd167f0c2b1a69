"""`python -m tocsin`."""

import sys

from tocsin.main import main

sys.exit(main())

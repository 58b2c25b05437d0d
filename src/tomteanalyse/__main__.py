"""Let ``python -m tomteanalyse`` be the command."""

from tomteanalyse.cli import main

main()

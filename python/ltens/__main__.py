"""``python -m ltens`` is ``ltens``."""

from .cli import main

main(prog_name="ltens")

"""A law in a file: JSON that says what it was fitted to, and reads back with the same numbers."""

from .saving import load_law, save_law

__all__ = ["load_law", "save_law"]

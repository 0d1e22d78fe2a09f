"""Figures and tables of Maloney, Roberts & Sully (arXiv 2210.16859)."""

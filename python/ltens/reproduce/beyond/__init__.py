"""Figures and tables of what the field did after the three papers."""

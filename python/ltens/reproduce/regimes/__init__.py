"""Figures and tables of Bahri et al. (arXiv 2102.06701) and of what followed it."""

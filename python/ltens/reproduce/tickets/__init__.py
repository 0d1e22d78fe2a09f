"""Figures and tables of Liu & Tegmark (arXiv 2310.02258), from really trained networks."""

from . import engines as engines

__all__: list[str]

from . import report as report

__all__: list[str]

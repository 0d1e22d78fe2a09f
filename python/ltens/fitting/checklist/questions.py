"""The questions, and their answers on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from ... import tables
from ...hints import nearest

# After Li, Kudugunta & Zettlemoyer, "(Mis)Fitting: A Survey of Scaling Laws", arXiv 2502.18969.
QUESTIONS = {
    "form": "Which form was fitted?",
    "variables": "What is the loss, and what was varied?",
    "n_counted": "How was the size counted?",
    "range": "Over which range?",
    "seeds": "How many runs are there at each size?",
    "exclusions": "Which runs were left out?",
    "tuning": "Were the hyperparameters tuned at each size?",
    "objective": "What is minimised?",
    "starts": "From which starting points?",
    "uncertainty": "How sure is the exponent?",
    "validation": "What was predicted that was not fitted?",
}


@dataclass(frozen=True)
class Answer:
    """One question.

    Attributes
    ----------
    name : str
        By which `checklist` takes an answer.
    question : str
    known : str
        What the law knows; "" if it knows nothing.
    stated : str
        What the user said; "" if nothing.
    warning : str
        A reservation; "" if there is none.
    """

    name: str
    question: str
    known: str = ""
    stated: str = ""
    warning: str = ""

    @property
    def text(self) -> str:
        """Return the answer, or how to give one."""
        found = [each for each in (self.known, self.stated) if each]
        return "; ".join(found) or f'not stated: checklist({self.name}="...")'


@dataclass(frozen=True)
class Checklist:
    """The questions with their answers; ``print`` shows it.

    Attributes
    ----------
    answers : tuple of Answer
    """

    answers: tuple[Answer, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the questions without an answer."""
        return tuple(each.name for each in self.answers if not (each.known or each.stated))

    def markdown(self) -> str:
        """Return a Markdown table."""
        rows = [[each.question, each.text + _warned(each, " **", "**")] for each in self.answers]
        return tables.markdown(["question", "answer"], rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the answers by name, ready for JSON."""
        return {each.name: asdict(each) for each in self.answers}

    def __str__(self) -> str:
        lines = []
        for each in self.answers:
            lines += [each.question, f"    {each.text}"]
            lines += [f"  ! {each.warning}"] if each.warning else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{escape(each.question)}</th><td>{escape(each.text)}"
            f"{escape(_warned(each, ' ! ', ''))}</td></tr>"
            for each in self.answers
        )
        return f"<table>{rows}</table>"


def _warned(answer: Answer, before: str, after: str) -> str:
    return f"{before}{answer.warning}{after}" if answer.warning else ""


def answered(
    known: Mapping[str, str], stated: Mapping[str, str], warnings: Mapping[str, str]
) -> Checklist:
    """Return the checklist of what is known and what the user states, by name.

    Raises
    ------
    TypeError
        If there is no such question, or an answer is no text.

    Examples
    --------
    >>> print(answered({"form": "A N^(-alpha)"}, {"range": "1 to 8"}, {}).answers[3].text)
    1 to 8
    """
    for name, text in stated.items():
        if name not in QUESTIONS:
            raise TypeError(
                f"checklist() got {name!r}, which is no question: did you mean "
                f"{nearest(name, QUESTIONS)!r} (questions: {', '.join(QUESTIONS)})?"
            )
        if not isinstance(text, str) or not text.strip():
            raise TypeError(f"{name} is {text!r:.40}, but must be text.")
    return Checklist(
        tuple(
            Answer(
                name, question, known.get(name, ""), stated.get(name, ""), warnings.get(name, "")
            )
            for name, question in QUESTIONS.items()
        )
    )

"""The base of everything a human types: frozen, no unknown keys."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True, allow_inf_nan=False)


class Refusal(ValueError):  # noqa: N818 - pydantic catches it, it is no failure of ours
    """A value cannot be right. `advice` goes to the operator; `detail` may quote the value and stays away from secret ones."""

    def __init__(self, advice: str, *, detail: str = "") -> None:
        super().__init__(f"{advice} ({detail})" if detail else advice)
        self.advice, self.detail = advice, detail


class Contradiction(Refusal):
    """Two keys do not fit together. Not said where one of the two could not be read."""

"""A function's output has one name, which the stack gives and the operations read back."""

import pytest

from infra import names
from infra.function_table import FUNCTIONS
from infra.names import deployed_functions, function_output


def test_a_name_of_two_words_survives_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "FUNCTIONS", {"send_mail": FUNCTIONS["gallery"]})
    assert function_output("send_mail") == "SendMailFunction"
    assert deployed_functions({"SendMailFunction": "veil-dev-send_mail"}) == {"send_mail": "veil-dev-send_mail"}


def test_other_outputs_and_other_functions_are_left_out() -> None:
    outputs = {"GalleryFunction": "veil-dev-gallery", "TableName": "table", "ForgottenFunction": "veil-dev-forgotten"}
    assert deployed_functions(outputs) == {"gallery": "veil-dev-gallery"}

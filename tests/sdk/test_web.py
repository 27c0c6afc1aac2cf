"""What services of the web answer, in words for the user."""

from __future__ import annotations

import pytest
import requests

from console.sdk.web import AWAY, BROKE_OFF, SLOW, WebTrouble, trouble_of, trouble_of_status


@pytest.mark.parametrize("status", [200, 204, 304])
def test_an_answer_is_no_trouble(status: int) -> None:
    assert trouble_of_status(status) is None


@pytest.mark.parametrize(
    ("status", "sign_in", "passing"),
    [
        (400, False, False),
        (401, True, False),
        (403, True, False),
        (404, False, False),
        (429, False, True),
        (500, False, True),
        (503, False, True),
    ],
)
def test_the_status_tells_what_helps(status: int, sign_in: bool, passing: bool) -> None:
    trouble = trouble_of_status(status)
    assert trouble is not None
    assert (trouble.sign_in, trouble.passing) == (sign_in, passing)
    assert all(str(status) in text for text in (trouble.text.zh_CN, trouble.text.en))


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (requests.ReadTimeout(), SLOW),
        (requests.ConnectionError(), AWAY),
        (requests.exceptions.InvalidURL(), AWAY),
        (requests.exceptions.ChunkedEncodingError(), BROKE_OFF),
        (RuntimeError("of urllib3"), BROKE_OFF),
    ],
    ids=["slow", "away", "no address", "cut short", "while reading"],
)
def test_what_the_library_raises(error: Exception, trouble: WebTrouble) -> None:
    assert trouble_of(error) is trouble

"""Labels of browsers, from what today's ones send of themselves."""

import pytest

from chalicelib.handlers.http.browser_label import browser_label

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 "
    "Edg/141.0.0.0"
)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (FIREFOX, "Firefox sur Android"),
        (EDGE, "Edge sur Windows"),
        (("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 "
         "Mobile/15E148 Safari/604.1"), "Safari sur iPhone"),
        (("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 "
         "Mobile/15E148 Safari/605.1.15"), "Firefox sur iPad"),
        (("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
         "Safari/537.36"), "Chrome sur Mac"),
        (("Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
         "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"), "Samsung Internet sur Android"),
        (("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
         "Safari/537.36"), "Chrome sur ChromeOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 OPR/125.0",
         "Opera sur Linux"),
        ("curl/8.5.0", ""),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("", ""),
        ("<script>alert(1)</script>" * 1000, ""),
    ],
)  # fmt: skip
def test_label_is_made_of_our_words_alone(agent, label):
    assert browser_label(agent) == label

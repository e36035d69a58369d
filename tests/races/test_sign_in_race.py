"""Two hundred sign-ins at once, over HTTP against the desk's server and its atomic DynamoDB."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.http_caller import Caller

pytestmark = pytest.mark.xdist_group("desk")
TRIES = 200
WRONG = "Identifiant ou mot de passe incorrect."


def challenge(answer):
    """The captcha that an answer shows, if it shows one."""
    found = re.search(r'name="captcha_id" value="([^"]+)"', answer[1])
    return found and found[1]


@pytest.mark.parametrize(("username", "connections"), [("course-1", 32), ("100002", 128)])
def test_parallel_wrong_passwords_get_at_most_seven_answers_about_the_password(desk, username, connections):
    caller = Caller(desk)
    wrong = {**caller.open_form(), "identifiant": username, "mot_de_passe": "faux"}
    with ThreadPoolExecutor(connections) as crowd:
        bare = list(crowd.map(lambda _: caller.ask("POST", "/connexion", wrong), range(TRIES)))
        assert Counter(WRONG in text for _, text, _ in bare)[True] == 2
        solved = [wrong | {"captcha": "MIYPP", "captcha_id": shown} for answer in bare if (shown := challenge(answer))]
        after = list(crowd.map(lambda fields: caller.ask("POST", "/connexion", fields), solved))
    answers = bare + after
    assert {status for status, _, _ in answers} <= {401, 422, 429}
    assert 1 <= sum(WRONG in text for _, text, _ in answers) <= 7
    assert sum(status == 429 for status, _, _ in after) >= len(after) - 5


def test_one_captcha_answered_fifty_times_at_once_is_accepted_once(desk):
    caller = Caller(desk)
    wrong = {**caller.open_form(), "identifiant": "course-2", "mot_de_passe": "faux"}
    for _ in range(2):
        last = caller.ask("POST", "/connexion", wrong)
    same = wrong | {"captcha": "MIYPP", "captcha_id": challenge(last)}
    with ThreadPoolExecutor(50) as crowd:
        statuses = Counter(
            status for status, _, _ in crowd.map(lambda _: caller.ask("POST", "/connexion", same), range(50))
        )
    assert statuses == {401: 1, 422: 49}

"""The rate limit: a bucket of 600 that leaks 10 a second."""

from tests.servers.practice import Practice

SELF = "/api/v1/accounts/self"


def test_nobody_is_throttled_unless_it_was_asked_for(practice: Practice) -> None:
    assert "X-Rate-Limit-Remaining" not in practice.request("GET", SELF).headers


def test_every_answer_says_what_it_cost_and_what_is_left(still_practice: Practice) -> None:
    still_practice.control("POST", "throttle", {"cost": 100})
    answers = [still_practice.request("GET", SELF) for _ in range(3)]
    assert [answer.headers["X-Request-Cost"] for answer in answers] == ["100.0"] * 3
    assert [answer.headers["X-Rate-Limit-Remaining"] for answer in answers] == ["500.0", "400.0", "300.0"]


def test_a_full_bucket_refuses_until_it_has_leaked(still_practice: Practice) -> None:
    still_practice.control("POST", "throttle", {"cost": 300})
    assert [still_practice.request("GET", SELF).status_code for _ in range(3)] == [200, 200, 403]
    still_practice.control("POST", "clock", {"advance_seconds": 1})
    answer = still_practice.request("GET", SELF)
    assert (answer.status_code, answer.headers["X-Rate-Limit-Remaining"]) == (200, "-200.0")


def test_the_newer_refusal_is_a_status_of_its_own(still_practice: Practice) -> None:
    still_practice.control("POST", "throttle", {"cost": 600, "status": 429})
    still_practice.request("GET", SELF)
    refused = still_practice.request("GET", SELF)
    assert (refused.status_code, refused.text) == (429, "429 Too Many Requests (Rate Limit Exceeded)\n")
    assert refused.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.headers["X-Rate-Limit-Remaining"] == "0.0"
    assert not {"X-Request-Cost", "Retry-After"} & refused.headers.keys()


def test_the_control_interface_costs_nothing(still_practice: Practice) -> None:
    still_practice.control("POST", "throttle", {"cost": 600})
    still_practice.request("GET", SELF)
    still_practice.control("POST", "throttle", {"enabled": False})
    assert still_practice.request("GET", SELF).status_code == 200

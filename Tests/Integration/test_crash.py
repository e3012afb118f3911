"""kill -9 at random moments under load: what was acknowledged is there, once; what was not is there once or not at all, and sending it
again makes it exactly once. The plan comes from a seed, which is printed and replayed with SPANDREL_TEST_SEED."""
import os, random, threading
import pytest
from harness.api import API
from harness.load import Load, check, send_again

ROUNDS, SOAK_ROUNDS = 20, 200


def seed_of_this_run():
    seed = os.environ.get("SPANDREL_TEST_SEED") or str(random.SystemRandom().randrange(2**32))
    print(f"SPANDREL_TEST_SEED={seed}")
    return seed


def crash_rounds(make_server, rounds):
    seed = seed_of_this_run()
    plan = random.Random(seed)
    server = make_server().start()
    everything, total, number = [], 0, 0
    for turn in range(rounds):
        api = API(server.url, server.key)
        load = Load(server, seed, number)
        load.wait_for(plan.randint(1, 250))
        if plan.random() < 0.4:
            # Die while sealing, somewhere between its first byte and its last.
            sealing = threading.Thread(target=seal_quietly, args=(api,), daemon=True)
            sealing.start()
            sealing.join(plan.uniform(0, 0.15))
        server.kill()
        load.end()
        assert not load.refused, f"round {turn}: refused without overload"
        server.start()
        api = API(server.url, server.key)
        here = check(api, load.acknowledged, load.unanswered)
        assert api.span_count() == total + here, f"round {turn}: spans lost or doubled"
        send_again(server, load.unanswered)
        here = check(api, load.acknowledged + load.unanswered, [])
        total += here
        assert api.span_count() == total, f"round {turn}: a request sent again is there twice or not at all"
        everything += load.acknowledged + load.unanswered
        number = load.next
    api.seal()
    assert check(api, everything, []) == total
    assert api.span_count() == total
    assert len(everything) > rounds * 20


def seal_quietly(api):
    try:
        api.request("POST", "/api/v1/store/seal", json={})
    except OSError:
        pass  # The server died of the test.


def test_twenty_kills_under_load_lose_and_double_nothing(make_server):
    crash_rounds(make_server, ROUNDS)


@pytest.mark.soak
def test_two_hundred_kills_under_load_lose_and_double_nothing(make_server):
    crash_rounds(make_server, SOAK_ROUNDS)

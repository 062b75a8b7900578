import math

import pytest

from sessions_live.sfu.adaptation import Downlink, Option, Picture, most_for, share

CAMERA = [Option("q", 120), Option("h", 350), Option("f", 1200)]


def picture(name="a", most=2, height=720, now=-1, options=None):
    return Picture(name, options or CAMERA, most, height, now)


@pytest.mark.parametrize(("height", "most"), [(0, -1), (90, 0), (240, 0), (241, 1), (480, 1), (481, 2), (2000, 2)])
def test_tile_decides_the_largest_useful_encoding(height, most):
    assert most_for(height, 3) == most
    assert most_for(height, 1) == min(most, 0)


@pytest.mark.parametrize(
    ("ceiling", "expected"), [(math.inf, 2), (1500, 2), (1300, 1), (450, 1), (300, 0), (150, 0), (50, 0)]
)
def test_ceiling_decides_the_encoding(ceiling, expected):
    assert share([picture()], Downlink(ceiling=ceiling), other=30)["a"] == expected


def test_everybody_gets_the_smallest_before_anybody_gets_more():
    people = [picture(str(number), height=700 - number) for number in range(4)]
    assert share(people, Downlink(ceiling=900), other=0) == {"0": 1, "1": 0, "2": 0, "3": 0}


def test_what_is_sent_already_needs_no_headroom():
    assert share([picture(now=1)], Downlink(ceiling=385), other=30)["a"] == 1
    assert share([picture(now=0)], Downlink(ceiling=385), other=30)["a"] == 0


def test_dead_encodings_are_passed_over():
    options = [Option("q", 120), Option("h", 350, usable=False), Option("f", 1200)]
    assert share([picture(options=options)], Downlink(), other=0)["a"] == 2
    options[2].usable = False
    assert share([picture(options=options)], Downlink(), other=0)["a"] == 0


def test_hidden_pictures_are_not_sent():
    assert share([picture(most=-1, height=0)], Downlink(), other=0)["a"] == -1


def run(downlink, reports, *, at=-1, start=0.0):
    """Feed (loss, kbit/s sent) once a second; return what is chosen after each."""
    out = []
    for second, (loss, sent) in enumerate(reports):
        downlink.report(loss=loss, sent=sent, now=start + second)
        at = share([picture(now=at)], downlink, other=30)["a"]
        out.append(at)
    return out


def test_heavy_loss_goes_down_at_once_to_what_arrived():
    assert run(Downlink(), [(0, 1200), (0.6, 1200), (0, 350)], at=2) == [2, 1, 1]
    assert run(Downlink(), [(0, 1200), (0.8, 1200)], at=2) == [2, 0]


def test_steady_radio_loss_of_a_tenth_keeps_the_picture():
    chosen = run(Downlink(), [(0.11, 500)] * 30, at=1)
    assert min(chosen) >= 0, "a small picture, never none"


def test_hopeless_loss_leaves_the_sound_alone_and_tries_again():
    downlink = Downlink(ceiling=140)
    chosen = run(downlink, [(0.4, 150)] * 6, at=0)
    assert chosen[-1] == -1 and downlink.starved
    chosen = run(downlink, [(0, 30)] * 12, start=20)
    assert 0 in chosen, "a trial"
    assert not downlink.starved


def test_one_bad_moment_does_not_take_the_picture():
    assert min(run(Downlink(), [(1.0, 150), (0, 150), (0, 150)], at=0)) == 0


def test_trials_wait_longer_after_each_failure():
    downlink = Downlink(ceiling=400)
    at, second, tries = 1, 0, []
    while second < 120:
        sent = 30 + CAMERA[at].kbps
        downlink.report(loss=0.5 if at == 2 else 0.0, sent=sent, now=float(second))
        before, at = at, share([picture(now=at)], downlink, other=30)["a"]
        if at > before:
            tries.append(second)
        second += 1
    gaps = [after - before for before, after in zip(tries, tries[1:], strict=False)]
    assert len(tries) >= 4 and gaps == sorted(gaps) and gaps[-1] >= 20
    assert at >= 1


def test_return_after_the_network_recovered():
    downlink = Downlink()
    run(downlink, [(0.7, 1200)], at=2)
    chosen = run(downlink, [(0.0, 400)] * 15, at=0, start=5)
    assert chosen[-1] == 2


def test_remb_counts_only_when_lower_than_what_is_sent_and_with_loss():
    downlink = Downlink()
    downlink.report(loss=0.0, sent=1000, now=0, remb=300)
    assert downlink.ceiling == math.inf
    downlink.report(loss=0.05, sent=1000, now=2, remb=300)
    assert downlink.ceiling == 300


def test_step_up_is_taken_only_after_a_probe_that_lost_nothing():
    downlink = Downlink(ceiling=200)
    chosen = []
    for second in range(12):
        downlink.report(loss=0.0, sent=150, now=float(second))
        chosen.append(share([picture(now=chosen[-1] if chosen else 0)], downlink, other=30)["a"])
        if downlink.probe_until and not downlink.trial_until:
            assert chosen[-1] == 0, "nobody sees the probe"
    assert chosen[-1] >= 1
    assert downlink.probing(11.0) == 0 or downlink.probed > 380


def test_probe_ends_at_the_first_alarm_and_the_next_waits_longer():
    downlink = Downlink(ceiling=200)
    run(downlink, [(0.0, 150)] * 2, at=0)
    assert downlink.probing(1.5) > 380
    downlink.alarm(0.4, sent=150, now=1.6)
    assert downlink.probing(1.7) == 0
    assert (downlink.ceiling, downlink.hold) == (200, 6.0), "what is sent goes on"


def test_alarm_cuts_before_the_next_report():
    downlink = Downlink()
    downlink.alarm(0.2, sent=1200, now=10.0)
    assert downlink.ceiling == math.inf, "no more than a radio loses"
    downlink.alarm(0.5, sent=1200, now=10.0)
    assert downlink.ceiling == pytest.approx(570)

"""The fit of weights: it finds what the choices say, and holds what nobody knows better."""

import numpy as np

from bench.logit import Choices, Numbers, fit_change, prior_around

BY_HAND = np.array([2.0, -3.0, 1.0])


def drawn(weights: Numbers, choices: int = 4000, alternatives: int = 4) -> Choices:
    """Choices made with these weights; the first alternative is nobody, of whom nothing is said."""
    random = np.random.default_rng(7)
    features = (random.random((choices, alternatives, len(weights))) < 0.4).astype(float)
    features[:, 0] = 0.0
    odds = features @ weights + random.gumbel(size=(choices, alternatives))
    is_right = odds == odds.max(axis=1, keepdims=True)
    flat = features.reshape(-1, len(weights))
    return Choices(flat @ BY_HAND, flat, is_right.reshape(-1), np.arange(choices) * alternatives)


def test_the_weights_behind_many_choices_are_found() -> None:
    behind = np.array([2.6, -2.0, 1.3])

    change = fit_change(drawn(behind), prior_around(BY_HAND, 0.25))

    assert np.allclose(BY_HAND + change, behind, atol=0.15)


def test_a_weight_of_which_nothing_is_seen_stays() -> None:
    choices = drawn(BY_HAND)
    choices.features[:, 2] = 0.0

    change = fit_change(choices, prior_around(BY_HAND, 0.25))

    assert change[2] == 0.0


def test_few_choices_move_less_than_many() -> None:
    behind = np.array([3.0, -3.0, 1.0])

    few = fit_change(drawn(behind, choices=20), prior_around(BY_HAND, 0.05))
    many = fit_change(drawn(behind), prior_around(BY_HAND, 0.05))

    assert abs(few[0]) < 0.2 < many[0]


def test_no_weight_turns_its_sign_or_leaves_its_bounds() -> None:
    behind = np.array([-2.0, 3.0, 6.0])

    found = BY_HAND + fit_change(drawn(behind), prior_around(BY_HAND, 10.0))

    assert np.allclose(found, [1.0, -1.5, 2.0])


def test_several_alternatives_may_be_right() -> None:
    choices = drawn(BY_HAND, choices=10)
    choices.is_right[:] = True

    change = fit_change(choices, prior_around(BY_HAND, 0.25))

    assert np.allclose(change, 0.0)

"""Every item exactly once an epoch, whatever the batch size; mixtures drawn as declared; nothing kept between draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermezzo.training import order


@given(items=st.integers(1, 200), batch=st.integers(1, 70), seed=st.integers(0, 2**32 - 1), epoch=st.integers(0, 3))
def test_every_item_once_an_epoch(items: int, batch: int, seed: int, epoch: int) -> None:
    each = order.batches_per_epoch(items, batch)
    seen = np.concatenate(
        [order.batch_items(seed, 0, index, items, batch) for index in range(epoch * each, (epoch + 1) * each)]
    )
    assert sorted(seen.tolist()) == list(range(items))


def test_epochs_seeds_and_members_have_different_orders() -> None:
    orders = {
        (seed, member, epoch): order.epoch_order(seed, member, epoch, 50).tobytes()
        for seed in (1, 2)
        for member in (0, 1)
        for epoch in (0, 1)
    }
    assert len(set(orders.values())) == len(orders)


def test_accumulation_divides_the_same_batch() -> None:
    whole = order.batch_items(7, 0, 3, 100, 16)
    assert np.array_equal(whole, np.concatenate([whole[:8], whole[8:]]))
    assert len(whole) == 16


def test_probabilities_follow_size_cap_temperature_and_shares() -> None:
    p = order.probabilities([1000, 10], [None, None], temperature=1.0, cap=None)
    assert p == pytest.approx([1000 / 1010, 10 / 1010])
    p = order.probabilities([1000, 10], [None, None], temperature=2.0, cap=90)
    assert p == pytest.approx([90**0.5 / (90**0.5 + 10**0.5), 10**0.5 / (90**0.5 + 10**0.5)])
    p = order.probabilities([300, 100, 5], [None, None, 0.2], temperature=1.0, cap=None)
    assert p == pytest.approx([0.6, 0.2, 0.2])


def test_members_are_drawn_with_their_probabilities_and_counted() -> None:
    p = np.array([0.7, 0.3])
    member, index = order.member_of_steps(5, 20000, p)
    assert abs((member == 0).mean() - 0.7) < 0.02
    for m in (0, 1):
        assert np.array_equal(index[member == m], np.arange((member == m).sum()))
    again, _ = order.member_of_steps(5, 20000, p)
    assert np.array_equal(member, again)


def test_a_draw_depends_on_its_place_alone() -> None:
    first = order.generator(3, order.MASK, 10, 1).random(4)
    order.generator(3, order.MASK, 11, 1).random(4)
    assert np.array_equal(first, order.generator(3, order.MASK, 10, 1).random(4))
    assert order.torch_seed(3, order.DROPOUT, 1, 0) != order.torch_seed(3, order.DROPOUT, 0, 1)

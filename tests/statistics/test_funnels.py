"""Funnels and overdispersion."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import StatisticError
from analysis.statistics.dispersion import (
    dispersion_of,
    poisson_ratio_limits,
    random_effects,
    truncated,
    winsorised,
    z_scores,
)
from analysis.statistics.funnel import (
    add_proportion_funnel,
    add_rate_funnel,
    add_ratio_funnel,
    expected_at_limits,
    make_rate_funnel_lines,
    proportion_funnel_limits,
)
from analysis.statistics.overdispersion import add_multiplicative_funnel, add_overdispersed_funnel

AREAS = st.lists(
    st.integers(5, 500).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))),
    min_size=3,
    max_size=20,
)


def areas(pairs: list[tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["numerator", "denominator"])


def test_limits_of_a_proportion_by_hand() -> None:
    # 50% of 100: 1.95996 * 0.05 = 0.098; 3.09023 * 0.05 = 0.1545.
    limits = proportion_funnel_limits([100], baseline=50.0)
    assert [round(float(limit[0]), 2) for limit in limits] == [40.2, 59.8, 34.55, 65.45]


def test_limits_stop_at_nothing_and_at_all_whatever_the_multiplier() -> None:
    # Upstream cuts at 100 whatever the scale is.
    assert [float(limit[0]) for limit in proportion_funnel_limits([1], baseline=0.9, multiplier=1)][:2] == [
        pytest.approx(0.9 - 1.959963984540054 * 0.3),
        1.0,
    ]
    assert float(proportion_funnel_limits([1], baseline=900, multiplier=1000)[1][0]) == 1000


def test_a_baseline_is_needed_where_a_figure_is_missing() -> None:
    rows = areas([(10, 100), (np.nan, 100)])
    for add in (add_proportion_funnel, add_rate_funnel):
        with pytest.raises(StatisticError, match="else give a baseline"):
            add(rows)
        found = add(rows, baseline=12.0)
        assert found["funnel_position"].isna().tolist() == [False, True]
        assert found["baseline"].tolist() == [12.0, 12.0]


@given(AREAS)
def test_law_positions_agree_with_the_limits_drawn(pairs) -> None:
    found = add_proportion_funnel(areas(pairs))
    above = found["funnel_position"].str.startswith("above")
    below = found["funnel_position"].str.startswith("below")
    assert (found.loc[above, "value"] > found.loc[above, "baseline"]).all()
    assert (found.loc[below, "value"] < found.loc[below, "funnel_upper_95"]).all()
    within = ~(above | below)
    tiny = 1e-9
    assert (found.loc[within, "value"] >= found.loc[within, "funnel_lower_95"] - tiny).all()
    assert (found.loc[within, "value"] <= found.loc[within, "funnel_upper_95"] + tiny).all()


def test_rate_positions_compare_the_interval_with_the_common_rate() -> None:
    rows = areas([(0, 2500), (9, 2100), (60, 10_000), (200, 10_000)])
    found = add_rate_funnel(rows)
    assert found["baseline"].iloc[0] == pytest.approx(10_000 * 269 / 24_600)
    assert found["funnel_position"].tolist() == [
        "below 99.8% limits",
        "below 99.8% limits",
        "below 99.8% limits",
        "above 99.8% limits",
    ]


def test_ratio_positions() -> None:
    rows = pd.DataFrame({"observed": [100, 130, None], "expected": [100, 100, 100]})
    found = add_ratio_funnel(rows)
    assert found["funnel_position"].fillna("").tolist() == ["within limits", "above 95% limits", ""]
    with pytest.raises(StatisticError, match="column 'expected'"):
        add_ratio_funnel(rows.assign(expected=0))


@given(st.integers(1, 2000))
def test_law_events_lie_on_the_line_at_their_expected_count(events) -> None:
    lower95, upper95, lower998, upper998 = (float(line) for line in expected_at_limits(events))
    assert upper998 < upper95 < events < lower95 < lower998
    assert stats.poisson.cdf(events, lower95) == pytest.approx(0.025, rel=1e-6)
    assert stats.poisson.sf(events - 1, upper998) == pytest.approx(0.001, rel=1e-6)


def test_lines_of_a_rate_funnel_close_in_on_the_baseline() -> None:
    lines = make_rate_funnel_lines(baseline=60.0, largest=50_000)
    for name, line in lines.groupby("line"):
        gap = (line.sort_values("denominator")["value"] - 60.0).abs()
        assert (gap.diff().dropna() <= 1e-9).all(), name
        assert line["denominator"].max() <= 50_000
    with pytest.raises(StatisticError, match="above 0"):
        make_rate_funnel_lines(baseline=0, largest=10)


def test_winsorising_and_truncating() -> None:
    z = np.arange(1.0, 11)
    assert winsorised(z, trim=0.1).tolist() == [1.9, *range(2, 10), 9.1]
    assert np.isnan(truncated(z, trim=0.1)).tolist() == [True, *[False] * 8, True]
    assert winsorised(np.array([])).size == 0


def test_chance_alone_has_no_variance_between_areas() -> None:
    found = dispersion_of(np.array([0.1, -0.2, 0.3]), np.full(3, 0.05))
    assert found.tau2 == 0
    assert found.phi == pytest.approx(0.14 / 3)
    assert np.isnan(dispersion_of(np.array([1.0, np.nan]), np.array([1.0, 1.0])).phi)


def test_a_ratio_of_nothing_has_no_logarithm() -> None:
    rows = pd.DataFrame({"observed": [0, 12, 9], "expected": [5.0, 10, 10]})
    with pytest.raises(StatisticError, match="use 'ratio_root'"):
        add_overdispersed_funnel(rows, kind="ratio_log")
    assert add_overdispersed_funnel(rows, kind="ratio_root")["z_score"].notna().all()
    with pytest.raises(StatisticError, match="Did you mean"):
        z_scores(np.ones(1), np.ones(1), kind="proportions", target=0.5)  # type: ignore[arg-type]


def test_a_row_without_figures_takes_no_part() -> None:
    rows = areas([(12, 100), (45, 100), (60, 100), (30, 100)])
    gap = pd.concat([rows, areas([(np.nan, 100)])], ignore_index=True)
    full, with_gap = add_overdispersed_funnel(rows), add_overdispersed_funnel(gap)
    assert with_gap["tau2"].iloc[0] == full["tau2"].iloc[0]
    assert np.isnan(with_gap["z_score"].iloc[-1])
    multiplied = add_multiplicative_funnel(gap)
    assert multiplied["phi"].iloc[0] == add_multiplicative_funnel(rows)["phi"].iloc[0]


def test_a_funnel_is_widened_only_where_areas_differ_by_more_than_chance() -> None:
    # 46 to 54 of 100: z -0.8 to 0.8. phi is far below 1 + 2 sqrt(2 / 5), and the limits are the plain ones.
    even = add_multiplicative_funnel(areas([(46, 100), (48, 100), (50, 100), (52, 100), (54, 100)])).iloc[0]
    assert even["phi_threshold"] == pytest.approx(1 + 2 * np.sqrt(2 / 5))
    assert not even["phi_applied"]
    assert (even["od_lower_95"], even["od_upper_998"]) == pytest.approx((0.402, 0.6545), abs=1e-4)
    # phi of 2 is below the threshold of 2.265 as well.
    uneven = add_multiplicative_funnel(areas([(42, 100), (43, 100), (50, 100), (57, 100), (58, 100)]))
    assert 1 + np.sqrt(2 / 5) < uneven["phi"].iloc[0] < 1 + 2 * np.sqrt(2 / 5)
    assert uneven["od_lower_95"].iloc[0] == even["od_lower_95"]


@given(AREAS)
def test_law_overdispersion_never_narrows_a_funnel(pairs) -> None:
    found = add_overdispersed_funnel(areas(pairs))
    for label in ("95", "998"):
        assert (found[f"od_lower_{label}"] <= found[f"plain_lower_{label}"] + 1e-12).all()
        assert (found[f"od_upper_{label}"] >= found[f"plain_upper_{label}"] - 1e-12).all()
    assert (found["od_lower_998"] <= found["od_lower_95"]).all()


def test_poisson_limits_printed_by_funnelplotr() -> None:
    # Package test, expected counts 15, 20 and 30.
    lower, upper = poisson_ratio_limits(np.array([15.0, 20, 30]), confidence=0.95)
    assert lower.round(7).tolist() == [0.5596924, 0.6108260, 0.6746958]
    assert upper.round(6).tolist() == [1.649348, 1.544419, 1.427562]


def test_random_effects_never_have_a_negative_variance() -> None:
    found = random_effects(np.array([0.5, 0.5, 0.5]), np.array([0.01, 0.02, 0.03]))
    assert (found.tau2, found.i2) == (0, 0)
    assert found.mean == pytest.approx(0.5)
    with pytest.raises(StatisticError, match="at least two effects"):
        random_effects(np.array([0.5]), np.array([0.01]))

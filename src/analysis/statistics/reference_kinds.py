"""The kinds of reference files that are known, with the columns that each needs and its tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.statistics import reference_control as control
from analysis.statistics import reference_funnels as funnels
from analysis.statistics import reference_pairs as two
from analysis.statistics import reference_rates as rates
from analysis.statistics import reference_representation as representation
from analysis.statistics import reference_summaries as summaries
from analysis.statistics import reference_trends as trends
from analysis.statistics.reference_items import BISECTED, FITTED, TOLERANCE, Check


@dataclass(frozen=True)
class Kind:
    """A kind of reference file: how it is checked, the columns it needs, the tolerance that is stated for
    it."""

    check: Check
    columns: tuple[str, ...]
    tolerance: float = TOLERANCE
    precision: str = ""


_RATE = (
    "count",
    "population",
    "multiplier",
    "confidence",
    "expected_value",
    "expected_lower",
    "expected_upper",
)
_TREND = ("series", "method", "year", "count", "denominator", "value", "lower95", "upper95")
_PAIR = ("x1", "n1", "x2", "n2")

_LAST_DIGIT = "half a unit of the last digit printed"

KINDS: Mapping[str, Kind] = {
    "phe_rate": Kind(rates.check_rate, (*_RATE, "expected_method")),
    "phe_proportion": Kind(rates.check_proportion, (*_RATE, "expected_method")),
    "phe_byars_wilson": Kind(rates.check_byars_wilson, ("x", "n", "confidence", "method", "expected_lower")),
    "phe_mean": Kind(summaries.check_mean, ("confidence", "expected_value", "expected_lower", "expected_upper")),
    "phe_dsr": Kind(summaries.check_dsr, ("area", "expected_total_count", "expected_value", "statistic")),
    "phe_isr": Kind(summaries.check_isr, ("area", "expected_observed", "expected_expected", "statistic", "method")),
    "phe_quantile": Kind(summaries.check_quantile, ("test", "value", "polarity", "expected_quantile_in_group")),
    "phe_sii": Kind(summaries.check_sii, ("TestDescription", "Quantile", "Population", "Value", "sii", "rii")),
    "phe_errors": Kind(rates.check_errors, ("case_id", "function", "x", "n", "confidence")),
    "dfer_round_five_up": Kind(rates.check_round_five_up, ("number", "dp", "expected")),
    "r_one_rate": Kind(rates.check_one_rate, ("count", "population", "confidence", "poisson_test_lower")),
    "r_one_proportion": Kind(rates.check_one_proportion, ("count", "population", "confidence", "wilson_lower")),
    "r_poisson_gamma_limits": Kind(rates.check_poisson_gamma_limits, ("expected", "poisson_exact_lower_025")),
    "r_two_rates": Kind(two.check_two_rates, ("x1", "t1", "x2", "t2", "rate_ratio", "exact_cond_lower")),
    "r_two_proportions": Kind(two.check_two_proportions, (*_PAIR, "ratio", "katz_lower", "fisher_p")),
    "compare_two_areas": Kind(two.check_two_areas, (*_PAIR, "rate1", "cis_overlap", "exact_cond_p")),
    "literature_proportions": Kind(
        two.check_literature, ("method", *_PAIR, "confidence", "expected_lower"), precision=_LAST_DIGIT
    ),
    "benchmark_rag": Kind(two.check_benchmark, ("area_lower", "area_upper", "benchmark_value", "polarity")),
    "r_goodness_of_fit": Kind(representation.check_fit, ("observed", "probabilities", "chi2", "exact_p_chi2_ordering")),
    "r_representation_fixed": Kind(representation.check_fixed, ("users_in_group", "users_total", "population_share")),
    "r_representation_subset": Kind(
        representation.check_subset, ("set", "group", "in_care", "users", "reference_group")
    ),
    "phe_funnel_proportion_significance": Kind(
        funnels.check_proportion_significance, ("numerator", "denominator", "expected_significance")
    ),
    "phe_funnel_proportion_limits": Kind(
        funnels.check_proportion_limits,
        ("population", "baseline_pct", "expected_lower_2s"),
        precision="1e-6 of a percentage point where limits are printed",
    ),
    "phe_funnel_ratio_significance": Kind(
        funnels.check_ratio_significance, ("observed", "expected", "expected_significance")
    ),
    "phe_funnel_ratio_limits": Kind(
        funnels.check_ratio_limits, ("observed_events", "expected_lower_2s_exp_events"), BISECTED
    ),
    "phe_funnel_rate_significance": Kind(funnels.check_rate_significance, ("count",)),
    "phe_funnel_rate_limits": Kind(
        funnels.check_rate_limits, ("events", "baseline_per_100000", "expected_lower_2s_limit"), BISECTED
    ),
    "phe_funnel_rate_points": Kind(
        funnels.check_rate_points,
        ("events", "rate_per_100000", "population"),
        precision="1e-4 persons, as printed",
    ),
    "funnelplotr_poisson_limits": Kind(
        funnels.check_poisson_limits, ("expected_events", "expected_lower95"), precision=_LAST_DIGIT
    ),
    "funnelplotr_overdispersion": Kind(
        funnels.check_overdispersion,
        ("set", "data_type", "sr_method", "trim_by", "expected_z", "expected_tau2"),
        precision="limits at upstream's rounded normal quantiles 1e-9, at exact ones 1e-6",
    ),
    "multiplicative_overdispersion": Kind(
        funnels.check_multiplicative, ("set", "numerator", "denominator", "z_winsorised", "threshold")
    ),
    "r_dl": Kind(funnels.check_random_effects, ("set", "tau2_dl", "Q", "I2", "mu_re", "se_re")),
    "trend": Kind(
        trends.check_trend,
        (*_TREND, "expected_trend"),
        trends.MARKER_TOLERANCE,
        precision="published: " + _LAST_DIGIT,
    ),
    "trend_edge_cases": Kind(trends.check_trend_edge_cases, (*_TREND, "r_trend"), trends.MARKER_TOLERANCE),
    "r_glm_trend": Kind(trends.check_glm_trend, ("series", "poisson_slope", "quasi_se", "nb_theta"), FITTED),
    "r_prop_trend": Kind(trends.check_prop_trend, ("counts", "denominators", "scores", "prop_trend_chi2")),
    "spc": Kind(control.check_spc, ("series", "i", "value", "rebase", "expected_lpl", "expected_cause")),
    "spc_limits": Kind(
        control.check_spc_limits,
        ("series", "screen", "value", "expected_mean", "note"),
        precision=_LAST_DIGIT,
    ),
    "spc_rules": Kind(control.check_spc_rules, ("case_id", "rule", "input", "expected_output")),
}
INPUTS = (
    "phe_mean_input",
    "phe_dsr_isr_input",
    "phe_dsr1976_input",
    "phe_dsr_nonindependent_input",
    "r_glm_trend_input",
    "r_dl_input",
)
ELSEWHERE = {
    "sdc_leak_cases": "disclosure control is checked where it is done",
    "sdc_rule_cases": "disclosure control is checked where it is done",
}

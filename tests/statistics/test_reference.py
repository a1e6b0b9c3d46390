"""Every reference file is reproduced; and the runner that says so cannot be fooled."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.reference import ReferenceResult, kind_of, run_reference
from analysis.statistics.reference_items import Cases, Figures, decimals, figures, texts, truths, vector
from analysis.statistics.reference_kinds import INPUTS, KINDS, Kind

# Name, cases, numbers and labels compared: a file that shrinks or a check that skips is noticed.
FILES = [
    ("derived_multiplicative_overdispersion", 568, 5680),
    ("oracle_compare_two_areas", 8, 142),
    ("oracle_funnelplotr_overdispersion", 1264, 22752),
    ("oracle_phe_funnel_proportion_limits", 54, 216),
    ("oracle_phe_funnel_proportion_significance", 151, 151),
    ("oracle_phe_funnel_rate_significance", 151, 151),
    ("oracle_phe_mean", 32, 160),
    ("oracle_phe_proportion", 984, 3936),
    ("oracle_phe_rate", 445, 1780),
    ("oracle_r_dl", 11, 55),
    ("oracle_r_glm_trend", 23, 379),
    ("oracle_r_goodness_of_fit", 8, 40),
    ("oracle_r_one_proportion", 37, 148),
    ("oracle_r_one_rate", 115, 569),
    ("oracle_r_poisson_gamma_limits", 13, 52),
    ("oracle_r_prop_trend", 23, 46),
    ("oracle_r_representation_fixed", 30, 240),
    ("oracle_r_representation_subset", 10, 143),
    ("oracle_r_two_proportions", 23, 184),
    ("oracle_r_two_rates", 28, 280),
    ("oracle_spc", 507, 2535),
    ("oracle_trend", 306, 918),
    ("oracle_trend_edge_cases", 25, 36),
    ("published_benchmark_rag", 20, 20),
    ("published_dfer_round_five_up", 10, 10),
    ("published_funnelplotr_poisson_limits", 3, 12),
    ("published_literature_proportions", 17, 34),
    ("published_phe_byars_wilson", 13, 26),
    ("published_phe_dsr", 12, 92),
    ("published_phe_errors", 42, 42),
    ("published_phe_funnel_proportion_limits", 200, 800),
    ("published_phe_funnel_proportion_significance", 303, 303),
    ("published_phe_funnel_rate_limits", 300, 2400),
    ("published_phe_funnel_rate_points", 50, 296),
    ("published_phe_funnel_rate_significance", 40, 314),
    ("published_phe_funnel_ratio_limits", 100, 1200),
    ("published_phe_funnel_ratio_significance", 300, 300),
    ("published_phe_isr", 16, 216),
    ("published_phe_mean", 6, 30),
    ("published_phe_proportion", 49, 187),
    ("published_phe_quantile", 982, 982),
    ("published_phe_rate", 52, 199),
    ("published_phe_sii", 44, 110),
    ("published_spc_limits", 96, 288),
    ("published_spc_rules", 41, 41),
    ("published_trend", 23, 39),
]


@pytest.fixture(scope="session")
def folder(reference_folder) -> dict[str, pd.DataFrame]:
    return {
        path.name: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted(reference_folder.glob("*.csv"))
    }


@pytest.mark.parametrize(("name", "cases", "compared"), FILES)
def test_the_answers_of_others_are_reproduced(folder, name, cases, compared) -> None:
    result = run_reference(f"{name}.csv", folder[f"{name}.csv"], folder)
    assert result.failures == ()
    assert result.status == "passed"
    assert (result.cases, result.compared) == (cases, compared)


def test_no_file_is_left_out(folder) -> None:
    tested = {f"{name}.csv" for name, _, _ in FILES}
    left = sorted(set(folder) - tested)
    results = [run_reference(name, folder[name], folder) for name in left]
    assert {result.status for result in results} == {"skipped"}
    assert {kind_of(name) for name in left} == {*INPUTS, "sdc_leak_cases", "sdc_rule_cases"}


def test_typed_columns_give_the_same_result_as_text(folder, reference) -> None:
    for name in ("oracle_phe_rate.csv", "oracle_spc.csv", "published_trend.csv", "published_phe_errors.csv"):
        typed = reference(name.removesuffix(".csv"))
        assert run_reference(name, typed, folder) == run_reference(name, folder[name], folder)


def test_files_of_another_origin_are_known_by_their_kind(folder) -> None:
    renamed = {name.replace("oracle_", "heldout_"): frame for name, frame in folder.items()}
    for name in ("heldout_phe_mean.csv", "heldout_r_dl.csv", "heldout_r_prop_trend.csv"):
        assert run_reference(name, renamed[name].sample(frac=0.5, random_state=1), renamed).status == "passed"


def rate_file(**changes: object) -> pd.DataFrame:
    row = {
        "count": 5,
        "population": 100,
        "multiplier": 100,
        "confidence": 0.95,
        "expected_value": 5,
        "expected_lower": 1.62348639011842,
        "expected_upper": 11.668332079322669,
        "expected_method": "Exact",
    }
    return pd.DataFrame([row | changes])


def test_one_file_made_by_hand() -> None:
    result = run_reference("somewhere/mine_phe_rate.csv", rate_file())
    assert (result.status, result.kind, result.cases, result.compared) == ("passed", "phe_rate", 1, 4)
    assert result.largest_relative_error < 1e-13


@pytest.mark.parametrize(
    ("changes", "figures_wrong", "labels_wrong"),
    [
        ({"expected_lower": 1.6234864}, 1, 0),
        ({"expected_value": 5.00000002, "expected_upper": 12}, 2, 0),
        ({"expected_upper": ""}, 1, 0),
        ({"expected_method": "Byars"}, 0, 1),
        ({"count": 6}, 3, 0),
    ],
)
def test_a_wrong_answer_is_found(changes, figures_wrong, labels_wrong) -> None:
    result = run_reference("a_phe_rate.csv", rate_file(**changes))
    assert result.status == "failed"
    assert (result.mismatched_figures, result.mismatched_labels) == (figures_wrong, labels_wrong)
    assert len(result.failures) == figures_wrong + labels_wrong


def test_missing_answers_agree_only_with_missing_figures() -> None:
    gone = {"expected_value": "", "expected_lower": "", "expected_upper": ""}
    assert run_reference("a_phe_rate.csv", rate_file(count="", **gone)).status == "passed"
    assert run_reference("a_phe_rate.csv", rate_file(**gone)).mismatched_figures == 3


def test_a_file_that_cannot_be_computed_has_failed() -> None:
    result = run_reference("a_phe_rate.csv", rate_file(count=-5))
    assert result.status == "failed"
    assert "found -5" in result.failures[0]


def test_bad_input_that_is_accepted_is_a_mismatch() -> None:
    rows = pd.DataFrame({"case_id": ["a", "b"], "function": "rate", "x": ["-1|2", "1|2"], "n": "5|5"})
    result = run_reference("a_phe_errors.csv", rows.assign(confidence=""))
    assert (result.status, result.refused, result.mismatched_labels) == ("failed", 1, 1)
    assert result.failures == ("b: rate",)


def test_unknown_names_missing_columns_and_inputs_are_skipped_and_named() -> None:
    empty = pd.DataFrame()
    for name, said in (
        ("notes.csv", "does not end with a kind"),
        ("oracle_phe_rate.csv", "lacks columns of its kind: count"),
        ("oracle_phe_mean_input.csv", "input of another file"),
        ("derived_sdc_leak_cases.csv", "disclosure"),
    ):
        result = run_reference(name, empty)
        assert result.status == "skipped"
        assert said in result.notes[0]


def test_a_file_without_its_inputs_is_not_passed() -> None:
    row = {"series": 1, "confidence": 0.95, "expected_value": 1, "expected_lower": 1, "expected_upper": 1}
    result = run_reference("oracle_phe_mean.csv", pd.DataFrame([row]))
    assert (result.status, result.excluded) == ("skipped", 1)


def test_another_layer_can_bring_its_kinds() -> None:
    def check(frame, _companions):
        yield Cases(len(frame))
        yield Figures("twice", 2 * figures(frame, "x"), figures(frame, "y"))

    extra = {"sdc_leak_cases": Kind(check, ("x", "y"))}
    frame = pd.DataFrame({"x": [1, 2], "y": [2, 4]})
    assert run_reference("derived_sdc_leak_cases.csv", frame, extra=extra).status == "passed"


def test_the_longest_kind_is_meant() -> None:
    assert kind_of("oracle_r_glm_trend.csv") == "r_glm_trend"
    assert kind_of("oracle_trend_edge_cases") == "trend_edge_cases"
    assert kind_of("spc.csv") == "spc"
    assert kind_of("aspc.csv") is None


def test_results_are_frozen_and_every_kind_is_documented() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ReferenceResult("a", None, "skipped").status = "passed"  # type: ignore[misc]
    assert all(kind.check.__doc__ and kind.columns for kind in KINDS.values())


def test_cells_are_read_as_they_were_written() -> None:
    frame = pd.DataFrame({"x": ["1", "", "NA", "None"], "b": ["TRUE", "false", "1", ""]})
    np.testing.assert_array_equal(figures(frame, "x"), [1, np.nan, np.nan, np.nan])
    assert texts(frame, "x") == ["1", "", "NA", "None"]
    assert truths(frame, "b") == ["true", "false", "true", ""]
    assert vector("1 -1 NA")[:2].tolist() == [1, -1]
    assert (decimals("0.0381"), decimals("43.0"), decimals(0.34)) == (4, 0, 2)

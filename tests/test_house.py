"""The house keeps its own rules: layers, agreement of environments, empty __init__ files, documents that are true."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from analysis import errors, vocabulary
from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements(items):
    found = {}
    for item in items:
        name, _, version = item.replace(" ", "").partition(">=")
        found[re.sub(r"\[.*\]", "", name).lower().replace("_", "-")] = version
    return found


def test_layers():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout


def test_environment_yml_agrees_with_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    inner = next(item["pip"] for item in environment if isinstance(item, dict))
    conda = requirements([item for item in environment if isinstance(item, str)] + [i for i in inner if i != "-e ."])
    conda["matplotlib"] = conda.pop("matplotlib-base")
    conda["duckdb"] = conda.pop("python-duckdb")
    assert conda.pop("python") == PROJECT["requires-python"].removeprefix(">=")
    conda.pop("pip")
    everything = PROJECT["dependencies"] + [x for extra in PROJECT["optional-dependencies"].values() for x in extra]
    assert conda == requirements(everything)


@pytest.mark.parametrize(
    ("lock", "extra"),
    [("requirements.lock", None), ("requirements-test.lock", "test"), ("requirements-lab.lock", "lab")],
)
def test_locks_hold_every_dependency_with_hashes(lock, extra):
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, flags=re.M)}
    wanted = PROJECT["dependencies"] + (PROJECT["optional-dependencies"][extra] if extra else [])
    assert set(requirements(wanted)) <= locked
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_reports_do_not_wait_for_jupyterlab():
    assert not re.search(r"^jupyterlab==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.M)


def test_every_dependency_is_chosen_for_a_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    everything = PROJECT["dependencies"] + [x for extra in PROJECT["optional-dependencies"].values() for x in extra]
    for name in requirements(everything):
        assert f"`{name}`" in text.lower(), name


def test_init_files_hold_a_docstring_and_nothing_else():
    for path in (ROOT / "src").rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path


def test_every_command_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in ("make reports", "make test", "make lab", "analysis list", "analysis show", "analysis figures",
                  "analysis report", "py -3", "AREA=Peterborough YEAR=2017-18"):  # fmt: skip
        assert words in readme, words


def test_exit_codes_of_the_readme_are_those_of_the_code():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    families = [
        item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, errors.AnalysisError)
    ]
    for family in families:
        if family is not errors.AnalysisError:
            assert re.search(rf"^\| {family.exit_code} \|", readme, flags=re.M), family


def test_the_glossary_defines_the_vocabulary():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for name, _, _ in vocabulary.OBSERVATION_COLUMNS:
        assert f"`{name}`" in text, name
    for status in vocabulary.STATUSES:
        assert f"`{status}`" in text, status


def test_links_in_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"

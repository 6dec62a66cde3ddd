"""Anybody's table of draws: what is read, and every way in which it can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from costsim.errors import Problem, ScenarioError
from costsim.uncertainty.information.table import read_samples


def rows(count: int) -> list[str]:
    return [f"{n},{n % 7 / 2},{5 - n % 3}" for n in range(1, count + 1)]


def written(folder: Path, lines: list[str]) -> Path:
    target = folder / "draws.csv"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read_samples(path)
    return caught.value.problems


def where(found: Problem) -> tuple[str, int, int, str]:
    assert found.place is not None
    return found.code, found.place.line, found.place.column, found.path


HEADER = "wage,minutes,net_benefit_new_form"


def test_a_table_is_read(tmp_path: Path) -> None:
    found = read_samples(written(tmp_path, [HEADER, *rows(600)]))
    assert found.names == ("wage", "minutes")
    assert found.options == ("new form",)
    assert found.inputs.shape == (600, 2)
    assert found.net_benefits[:3, 0].tolist() == [4.0, 3.0, 5.0]
    assert (found.draws, found.warnings) == (600, ())


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_marks_quotes_spaces_and_line_ends_of_spreadsheets_do_not_matter(
    tmp_path: Path, ends: str
) -> None:
    lines = ['"wage" , minutes,net_benefit']
    lines += [f' "{n}", 1e{n % 3} ,-{n}.50' for n in range(600)]
    target = tmp_path / "draws.csv"
    target.write_bytes(b"\xef\xbb\xbf" + ends.join([*lines, "", ""]).encode())
    found = read_samples(target)
    assert found.names == ("wage", "minutes")
    assert found.inputs[2].tolist() == [2.0, 100.0]
    assert found.net_benefits[2].tolist() == [-2.5]
    assert found.options == ("the option",)


def test_several_options_keep_their_order(tmp_path: Path) -> None:
    lines = ["net_benefit_old,x,net_benefit_new", *rows(20)]
    found = read_samples(written(tmp_path, lines))
    assert found.options == ("old", "new")
    assert found.net_benefits[0].tolist() == [1.0, 4.0]


def test_every_bad_cell_is_listed_with_its_place(tmp_path: Path) -> None:
    lines = [HEADER, *rows(12)]
    lines[2] = "2,,4"
    lines[4] = "£40,1.5,5"
    lines[5] = '"£1,200",1.5,5'
    lines[6] = "6,1.5,inf"
    lines[7] = "7,about 3,nan"
    lines[9] = "9,1"
    lines[10] = "10,1,2,3"
    lines[11] = "1_000,1,2"
    found = problems(written(tmp_path, lines))
    assert [where(each) for each in found] == [
        ("CS602", 3, 3, "minutes"),
        ("CS602", 5, 1, "wage"),
        ("CS602", 6, 1, "wage"),
        ("CS602", 7, 7, "net_benefit_new_form"),
        ("CS602", 8, 3, "minutes"),
        ("CS602", 8, 11, "net_benefit_new_form"),
        ("CS602", 10, 4, "net_benefit_new_form"),
        ("CS602", 11, 8, ""),
        ("CS602", 12, 1, "wage"),
    ]
    assert "empty cell" in found[0].message
    assert "'£1,200'" in found[2].message
    assert "no £, %, commas" in found[2].hint
    assert found[2].source_line == lines[5]


@pytest.mark.parametrize("cell", ["inf", "-inf", "nan", "NaN", "1e999"])
def test_one_cell_that_is_not_finite_is_found(tmp_path: Path, cell: str) -> None:
    lines = [HEADER, *rows(12), f"1,{cell},2"]
    (found,) = problems(written(tmp_path, lines))
    assert where(found) == ("CS602", 14, 3, "minutes")


def test_a_column_of_words_is_not_listed_cell_by_cell(tmp_path: Path) -> None:
    lines = [HEADER, *(f"row {n},1,2" for n in range(200))]
    found = problems(written(tmp_path, lines))
    assert len(found) == 6
    assert where(found[0]) == ("CS602", 1, 1, "wage")
    assert "195 more cells" in found[0].message


@pytest.mark.parametrize(
    ("header", "place", "words"),
    [
        ("wage,minutes,net benefit", (1, 14), "Rename 'net benefit'?"),
        ("wage,minutes,Net_Benefit", (1, 14), "Rename 'Net_Benefit'?"),
        ("wage,minutes,netbenefit_new", (1, 14), "Rename 'netbenefit_new'?"),
        ("wage,minutes,hours", (1, 1), "The columns are 'wage', 'minutes' and 'hours'"),
        ("wage,wage,net_benefit", (1, 6), "Rename or delete one"),
        ("wage,,net_benefit", (1, 6), "Name it, or delete the column"),
        ("1,2,3", (1, 1), "Write a line with names"),
        ("wage;minutes;net_benefit", (1, 1), "separated by commas"),
        ("wage\tminutes\tnet_benefit", (1, 1), "separated by commas"),
    ],
)
def test_wrong_columns(tmp_path: Path, header: str, place: tuple[int, int], words: str) -> None:
    (found,) = problems(written(tmp_path, [header, *rows(20)]))
    assert where(found)[:3] == ("CS601", *place)
    assert words in found.hint


def test_several_wrong_columns_are_all_listed(tmp_path: Path) -> None:
    found = problems(written(tmp_path, ["wage,,wage,hours", *rows(20)]))
    assert [each.place.column for each in found if each.place] == [1, 6, 7]


def test_too_few_draws_and_bad_cells_are_told_together(tmp_path: Path) -> None:
    lines = [HEADER, *rows(9)]
    assert [each.code for each in problems(written(tmp_path, lines))] == ["CS603"]
    lines[1] = "x,1,2"
    assert [each.code for each in problems(written(tmp_path, lines))] == ["CS603", "CS602"]
    assert [each.code for each in problems(written(tmp_path, [HEADER]))] == ["CS603"]


def test_few_draws_and_fixed_columns_are_warned_of(tmp_path: Path) -> None:
    lines = ["wage,minutes,net_benefit", *(f"{n},3,{n}" for n in range(499))]
    few, fixed = read_samples(written(tmp_path, lines)).warnings
    assert "has 499 draws" in few
    assert fixed == "minutes never changed, so nothing can be learnt about it."
    lines = ["net_benefit_a,net_benefit_b", *(f"{n},{n + 3}" for n in range(500))]
    inputs, same = read_samples(written(tmp_path, lines)).warnings
    assert "no input to learn about" in inputs
    assert same.startswith("The difference between a and b is the same in every draw")


def test_what_is_no_text_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    target = tmp_path / "draws.csv"
    assert problems(tmp_path)[0].code == "CS102"
    assert problems(target)[0].code == "CS101"
    assert problems(tmp_path / "none" / "draws.csv")[0].code == "CS101"
    for content in (b"", b"\n \n", b"\xef\xbb\xbf"):
        target.write_bytes(content)
        assert problems(target)[0].code == "CS110"
    target.write_bytes("wage,net_benefit\n£1,2\n".encode("cp1252"))
    (found,) = problems(target)
    assert (found.code, found.hint) == ("CS105", 'Save it as "CSV UTF-8".')
    assert str(target) in found.message


def test_a_cell_that_hides_characters_is_shown_by_its_number(tmp_path: Path) -> None:
    lines = [HEADER, *rows(12)]
    lines[3] = "\u202e1,2,3"
    (found,) = problems(written(tmp_path, lines))
    assert "[U+202E]" in found.message


def test_a_large_table_is_read_quickly_and_whole(tmp_path: Path) -> None:
    values = np.random.Generator(np.random.Philox(1)).normal(size=(20_000, 3))
    target = tmp_path / "draws.csv"
    np.savetxt(target, values, delimiter=",", header=HEADER, comments="", fmt="%.17g")
    found = read_samples(target)
    assert np.array_equal(np.column_stack([found.inputs, found.net_benefits]), values)

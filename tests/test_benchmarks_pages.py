"""What a benchmark's page says of figures that are known."""

import re

import pytest

from benchmarks import page, tables
from benchmarks.comparing import Report, at_least, at_most


@pytest.fixture
def report():
    report = Report("emails")
    rate = report.compare("Emails", "a loop", "a second", at_least(0.6))
    for ours in (50, 55, 65):
        rate.add(ours, 100)
    report.figure("p95", "ms", at_most(60)).values += [20, 30]
    report.figure("p95 of another", "ms", at_most(60)).values += [70, 80]
    report.chart("Cost", "ms", ["100", "1,000"], {"ours": [1, 2], "theirs": [3, 4000]})
    return report


def test_the_summary_has_a_row_for_what_is_alike_with_the_farthest_of_it(report):
    rows = tables.summary([report])[2:4]

    assert rows == [
        (
            "| 1 | emails | × a loop | at least 0.6 | 0 of 1 ✗ |"
            " Emails: 0.55 (0.5 to 0.65), reached in 1 of 3 rounds |"
        ),
        "| 2 | emails | ms | at most 60 | 1 of 2 ✗ | p95 of another: 75 (70 to 80) |",
    ]


def test_the_chart_above_shows_each_as_a_share_of_its_bound(report):
    chart = tables.summary([report])

    assert [line.strip() for line in chart if "bar" in line or " line " in line][
        1:
    ] == [
        "bar [1.091, 1.250]",
        "line [0.923, 1.167]",
        "line [1.200, 1.333]",
        "line [1.000, 1.000]",
    ]


def test_bars_of_two_series_stand_side_by_side_and_have_no_exponents(report):
    about = dict.fromkeys(("measured_at", "machine", "versions", "commit"), "")
    chart = "\n".join(tables.of_part(report, about))

    assert 'x-axis ["ours 100", "theirs 100", "ours 1,000", "theirs 1,000"]' in chart
    assert '"ms" 0 --> 4400.00' in chart
    assert "bar [1.000, 3.000, 2.000, 4000.000]" in chart


def test_nothing_is_published_when_a_part_was_not_measured(monkeypatch, tmp_path):
    written = tmp_path / "performance.md"
    written.write_text("<!-- figures of emails -->\nbefore\n<!-- end of figures -->")
    monkeypatch.setattr(page, "PAGE", written)
    monkeypatch.setattr(page, "kept", lambda part: None)

    with pytest.raises(SystemExit, match=re.escape("without a place: emails")):
        page.publish(["emails"])

    assert "before" in written.read_text()


def test_nothing_is_published_that_was_measured_with_changed_code(
    monkeypatch, tmp_path, report
):
    written = tmp_path / "performance.md"
    written.write_text("<!-- figures of emails -->\nbefore\n<!-- end of figures -->")
    monkeypatch.setattr(page, "PAGE", written)
    monkeypatch.setattr(page, "kept", lambda part: (report, {"commit": "1a2b-changed"}))

    with pytest.raises(SystemExit, match="in no commit: emails"):
        page.publish(["emails"])

    assert "before" in written.read_text()


def test_nothing_to_reach_is_no_chart():
    assert tables.summary([Report("costs")])[2:] == [""]

"""docs/security.md: each line leads to a test or a place that there is, and none is left out."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "security.md").read_text()
LINK = re.compile(r"\[`?([^\]`]+)`?\]\(([^)#]+)[^)]*\)")

# The requirements of levels 1 and 2 of OWASP ASVS 5.0.0, by how far each section goes: in
# every section those of level 3 come last.
STANDARD = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4
10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
17.1:1 17.2:4 17.3:2
"""
REQUIREMENTS = {
    f"{section}.{number}"
    for section, _, last in (word.partition(":") for word in STANDARD.split())
    for number in range(1, int(last) + 1)
}
# Where each requirement is to be found: once.
MET, NOT_MET, NONE_HERE = "What is met", "What is not met", "What there is none of here"


def rows(title):
    """Return the rows of the table under a heading, as lists of cells."""
    part = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[1:]]


def numbers(title):
    """Return the requirements that a table speaks of; "10.*" are all that begin so."""
    found = []
    for row in rows(title):
        for number in row[0].split():
            beginning = number.removesuffix("*")
            found += (
                [one for one in REQUIREMENTS if one.startswith(beginning)]
                if number.endswith("*")
                else [number]
            )
    return found


def leads_nowhere(name, target):
    path = DOCS / target
    if not path.exists():
        return True
    is_test = path.name.startswith("test_")
    return is_test and f"def test_{name}(" not in path.read_text()


def test_each_link_leads_to_what_there_is():
    links = {link for link in LINK.findall(PAGE) if not link[1].startswith("https:")}

    assert len(links) > 150
    assert [link for link in sorted(links) if leads_nowhere(*link)] == []


def named_tests(row):
    return [name for name, target in LINK.findall(row[-1]) if "tests/" in target]


def test_each_line_of_the_checklist_has_its_test():
    lines = rows("The checklist")

    without = [row[0] for row in lines if not named_tests(row)]

    assert without == []
    assert f"**{len(lines)} of {len(lines)}**" in PAGE


def test_each_requirement_that_is_met_leads_somewhere():
    assert [row[0] for row in rows(MET) if not LINK.search(row[-1])] == []


def test_each_requirement_of_the_standard_stands_on_the_page_once():
    assert len(REQUIREMENTS) == 253
    met, not_met, none = (numbers(title) for title in (MET, NOT_MET, NONE_HERE))

    ours = [one for one in met + not_met + none if one in REQUIREMENTS]

    assert sorted(ours) == sorted(REQUIREMENTS)
    said = f"{len([one for one in met if one in REQUIREMENTS])} are met"
    assert said in PAGE
    assert f"{len([one for one in not_met if one in REQUIREMENTS])} are not" in PAGE
    assert f"{len(none)} have nothing to apply to" in PAGE

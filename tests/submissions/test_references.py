import re

from submissions.references import new_reference


def test_a_reference_is_easy_to_read_out_and_never_a_word():
    references = {new_reference("KIL") for _time in range(2000)}

    pattern = re.compile(r"KIL-([A-HJ-NPR-Y]{2}[2-9]){2}[A-HJ-NPR-Y]{2}")
    assert all(pattern.fullmatch(reference) for reference in references)
    assert len(references) == 2000

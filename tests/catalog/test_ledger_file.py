"""The text file of a ledger: what each line may hold, and how a fault in one is told."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.catalog.upkeep.ledger_file import MOST_FAULTS, Head, Id, Line, Name, read, written
from feedsvc.errors import LedgerError

HEAD = '{"kind":"ledger","version":1,"channels":%d,"ids":%d}'
SITE = '{"kind":"channel","name":""}'
DIGEST = "0" * 64
ID = f'{{"kind":"id","id":"tag:x.example,2020:a","address":"a.md","digest":"{DIGEST}","slug":"a"%s}}'


def values(*lines: str) -> list[Line]:
    return list(read((f"{line}\n".encode() for line in lines), "l.jsonl"))


def faults(*lines: str) -> list[str]:
    with pytest.raises(LedgerError) as raised:
        values(*lines)
    return [str(fault) for fault in raised.value.faults]


def test_the_lines_are_a_head_then_channels_then_ids() -> None:
    head, site, found = values(HEAD % (1, 1), SITE, ID % ',"former":["b"]')
    assert head == Head(version=1, channels=1, ids=1)
    assert site == Name("")
    assert found == Id("tag:x.example,2020:a", "a.md", DIGEST, "a", former=("b",))


def test_what_has_its_default_is_left_out() -> None:
    assert written(Id("tag:x.example,2020:a", "a.md", DIGEST, "a")).decode() == ID % "" + "\n"


instants = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))
text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(name=text, term=text, modified=instants, former=st.sets(text), expires=instants)
def test_what_is_written_is_read_as_it_was(
    name: str, term: str, modified: object, former: set[str], expires: object
) -> None:
    lines: tuple[Line, ...] = (
        Head(version=1, channels=1, ids=1),
        Name(name, term, modified),  # type: ignore[arg-type]
        Id("tag:x.example,2020:a", term, DIGEST, former=tuple(former), expires=expires),  # type: ignore[arg-type]
    )
    assert tuple(read(map(written, lines), "l.jsonl")) == lines


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "l.jsonl:1:1: the file is empty (take a copy as `feedsvc catalog export` wrote it)"),
        (["ids"], "l.jsonl:1:1: is not JSON: "),
        (["{}"], "l.jsonl:1:1: is no line of a ledger: Object missing required field `kind`"),
        ([SITE], "l.jsonl:1:1: the first line is not the head of a ledger"),
        (
            ['{"kind":"ledger","version":2}'],
            "l.jsonl:1:1: the ledger is of version 2, this feedsvc knows version 1",
        ),
        (['{"kind":"ledger","version":1,"revision":3}'], "l.jsonl:1:1: revision and at go together"),
        (['{"kind":"ledger","version":1,"revision":-3}'], "l.jsonl:1:1: is no line of a ledger: Expected `int` >= 0"),
        (
            [HEAD % (0, 0), HEAD % (0, 0)],
            "l.jsonl:2:1: a ledger has one head, on its first line",
        ),
        (
            [HEAD % (0, 0), SITE],
            "l.jsonl:1:1: the head promises 0 channels, and the file has 1",
        ),
        (
            [HEAD % (0, 3), ID % ""],
            "l.jsonl:1:1: the head promises 3 ids, and the file has 1",
        ),
        ([HEAD % (2, 0), SITE, SITE], "l.jsonl:3:1: channel: '' stands on line 2 already (remove one of the two lines"),
        ([HEAD % (1, 1), ID % "", SITE], "l.jsonl:3:1: stands behind an id (put the channels before the ids)"),
        ([HEAD % (0, 2), ID % "", ID % ""], "l.jsonl:3:1: address: 'a.md' stands on line 2 already"),
        ([HEAD % (0, 1), ID % ',"former":["a"]'], ""),
        ([HEAD % (0, 1), ID.replace("tag:x", "x") % ""], "l.jsonl:2:1: id: 'x.example,2020:a' is not an absolute IRI"),
        (
            [HEAD % (0, 1), ID.replace("000", "00g") % ""],
            "l.jsonl:2:1: digest: '00g00g",
        ),
        (
            [HEAD % (0, 1), ID % ',"color":1'],
            "l.jsonl:2:1: is no line of a ledger: Object contains unknown field",
        ),
        ([HEAD % (0, 1), ID % ',"removed":"2020-01-01"'], "l.jsonl:2:1: is no line of a ledger: Invalid RFC3339"),
        (
            [HEAD % (0, 1), ID % ',"removed":"2020-01-01T00:00:00.5Z"'],
            "l.jsonl:2:1: an instant has a fraction",
        ),
        ([HEAD % (0, 1), ID % ',"is_hidden":true'], "l.jsonl:2:1: what is hidden was removed"),
        (
            [
                HEAD % (0, 1),
                ID % ',"channels":["t"]',
            ],
            "l.jsonl:2:1: channels: there is no line for 't' (write one before the ids, and count it)",
        ),
        ([HEAD % (1, 1), SITE, ID % ',"channels":[""]'], "l.jsonl:3:1: channels, published and updated go together"),
    ],
)
def test_a_fault_is_told_with_file_line_and_cure(lines: list[str], told: str) -> None:
    if told:
        assert any(fault.startswith(told) for fault in faults(*lines)), faults(*lines)
    else:
        assert values(*lines)


def test_a_last_good_version_is_of_its_address_and_of_what_stands() -> None:
    instant = '"2020-01-01T00:00:00Z"'
    good = (
        '{"address":"b.md","title":"B","slug":"b","written_date":"2020-01-01","source":"B.","markup":"markdown",'
        f'"published":{instant},"updated":{instant}}}'
    )
    found = faults(HEAD % (0, 1), ID % f',"removed":{instant},"last_good":{good}')
    assert found == [
        "l.jsonl:2:1: last_good: is of 'b.md' (take a copy as `feedsvc catalog export` wrote it)",
        "l.jsonl:2:1: what was removed has no last_good (take removed or last_good away)",
    ]


def test_after_many_faults_no_more_are_looked_for() -> None:
    assert len(faults(*["nonsense"] * 1000)) == MOST_FAULTS

"""What a run found, as a table in Markdown."""

from . import invariants


def report(evidence, storm, faults):
    lines = [*fault_table(evidence, storm, faults), "", *figures(evidence, storm), ""]
    for name, found in invariants.broken(evidence).items():
        lines.append(f"- {'BROKEN' if found else 'holds'}: {name}")
        lines += [f"    - {what}" for what in found[:5]]
    return "\n".join(lines)


def fault_table(evidence, storm, faults):
    """Of each fault: how often, and what came to pass while it and its aftermath lasted."""
    yield "| F | fault | times | receipts meanwhile | lost | doubled emails | unflagged |"
    yield "|---|---|---|---|---|---|---|"
    for fault in faults:
        episodes = [one for one in storm.episodes if one.name == fault.name]
        yield row(fault.name, fault.what, len(episodes), *tally(evidence, episodes))
    yield row("", "all", len(storm.episodes), *tally(evidence, None))


def tally(evidence, episodes):
    """Count receipts, lost ones, doubled emails and unflagged ones; None: whenever."""

    def meanwhile(start, end):
        return episodes is None or any(one.covers(start, end) for one in episodes)

    receipts = [
        receipt
        for receipt in evidence.notebook.receipts
        if meanwhile(receipt.asked_at, receipt.asked_at + receipt.seconds)
    ]
    lost = {id(receipt) for receipt in invariants.lost_receipts(evidence)}
    doubled = [
        email
        for email in invariants.doubled(evidence)
        if any(meanwhile(time, time) for time in copied_at(evidence, email))
    ]
    return (
        len(receipts),
        sum(id(receipt) in lost for receipt in receipts),
        len(doubled),
        sum(not invariants.is_flagged(evidence, email) for email in doubled),
    )


def copied_at(evidence, email):
    """Return when each copy after the first arrived."""
    sink = evidence.sink
    arrived = zip(sink.accepted, sink.times, strict=False)
    return [time for message_id, time in arrived if message_id == email.message_id][1:]


def figures(evidence, storm):
    notebook = evidence.notebook
    receipts = [receipt.seconds for receipt in notebook.receipts]
    yield (
        f"{len(storm.episodes)} faults; {notebook.counts['answers']} answers,"
        f" {sum(notebook.trouble.values())} of them about trouble,"
        f" {notebook.counts['connection broke']} connections broken."
    )
    yield (
        f"{len(receipts)} receipts for {len(evidence.sent)} responses; from the button"
        f" to the receipt, tries included: {quantiles(receipts)}; one answer:"
        f" {quantiles(notebook.seconds)}."
    )
    yield (
        f"{notebook.counts['autosaves']} autosaves and"
        f" {sum(len(draft.texts) for draft in notebook.drafts)} texts acknowledged,"
        f" {sum(len(draft.files) for draft in notebook.drafts)} files,"
        f" {notebook.counts['came back by link']} came back by a link."
    )
    yield (
        f"{len(evidence.emails)} emails, {len(evidence.sink.journal)} arrived copies,"
        f" {by_the_minute(evidence.sink.times)}; drained"
        f" {evidence.seconds_to_drain:.0f} s after healing. From the receipt to the"
        f" acknowledgement: {quantiles(acknowledgement_waits(evidence))}."
    )
    for (status, title), count in sorted(notebook.trouble.items()):
        yield f"{count} × {status} {title!r}"


def by_the_minute(times):
    if len(times) < 2:
        return "too few to say how fast"
    return f"{60 * len(times) / (times[-1] - times[0]):.0f} a minute"


def acknowledgement_waits(evidence):
    """Return of each response how long after its first receipt the email arrived."""
    sink = evidence.sink
    arrived_at = dict(
        reversed(list(zip(sink.accepted, sink.times, strict=False)))  # the first copy
    )
    shown_at = {}
    for receipt in evidence.notebook.receipts:
        moment = receipt.asked_at + receipt.seconds
        earliest = shown_at.get(receipt.draft.email, moment)
        shown_at[receipt.draft.email] = min(moment, earliest)
    return [
        max(0, arrived_at[email.message_id] - shown_at[email.to_email])
        for email in evidence.emails
        if email.kind == "acknowledgement"
        and email.message_id in arrived_at
        and email.to_email in shown_at
    ]


def quantiles(seconds):
    if not seconds:
        return "none"
    ordered = sorted(seconds)

    def at(share):
        return ordered[int(len(ordered) * share)]

    return (
        f"p50 {at(0.5) * 1000:.0f} ms, p95 {at(0.95) * 1000:.0f} ms,"
        f" p99 {at(0.99) * 1000:.0f} ms, longest {ordered[-1]:.1f} s"
    )


def row(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"

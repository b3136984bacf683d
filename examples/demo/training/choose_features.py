"""Shows by our rule which features drift from April on, and that neither chance nor the order of rows looks like drift.

Prints two tables for the README of the demo: `python choose_features.py > tables.md`.
"""

from collections import Counter
from statistics import median

import pandas as pd

import flights
from drift_rule import Verdict, judge
from flights import FEATURES, LEFT_OUT
from parts import REFERENCE_ROWS, SEED, dealt, split, week_of, weekly_sample, weeks

FLOOR = 0.2
DEALS = 50

Verdicts = list[dict[str, Verdict]]


def main() -> None:
    rows = flights.load()
    parts = split(rows)

    def judged(windows, columns=FEATURES) -> Verdicts:
        return [judge(parts.reference[columns], window[columns]) for window in windows]

    # The features of the model and the candidates are judged apart: the p-values are adjusted over what is monitored.
    held_back = columns_of(judged, dealt(parts.held_back))
    quarter = columns_of(judged, weeks(weekly_sample(whole_weeks(parts.training))).values())
    production = columns_of(judged, weeks(parts.production).values())
    print_sizes(held_back, quarter, production)
    print()
    print_controls(judged, parts)
    check(held_back, production)


def columns_of(judged, windows) -> dict[str, list[Verdict]]:
    windows = list(windows)
    return {
        name: [verdicts[name] for verdicts in judged(windows, columns)]
        for columns in (FEATURES, LEFT_OUT)
        for name in columns
    }


def whole_weeks(rows: pd.DataFrame) -> pd.DataFrame:
    week = week_of(rows)
    return rows[(week > week.min()) & (week < week.max())]


def print_sizes(held_back, quarter, production) -> None:
    print("| feature | held back: largest | weeks of the quarter: median | weeks from April: median | largest | weeks in drift |")
    print("|---|---|---|---|---|---|")
    for name, weeks in production.items():
        label = name if name in FEATURES else f"*{name}* (left out)"
        cells = [largest(held_back[name]), middle(quarter[name]), middle(weeks), largest(weeks)]
        print(f"| {label} | {' | '.join(cells)} | {in_drift(weeks)} |")


def print_controls(judged, parts) -> None:
    shuffled = parts.production.sample(frac=1, random_state=SEED)
    pool = pd.concat([parts.held_back, parts.training])
    redealt = [window for seed in range(DEALS) for window in dealt(pool.sample(frac=1, random_state=seed)[:7_200])]
    late_reference, late_windows = shuffled[:REFERENCE_ROWS], dealt(shuffled[REFERENCE_ROWS:])
    controls = {
        "held-back rows in the order of the file": judged(dealt(parts.held_back)),
        "held-back rows in the order of time": judged(dealt(parts.held_back.sort_values("at"))),
        f"other rows of the quarter, dealt at random {DEALS} times": judged(redealt),
        "the weeks from April, in the order of time": judged(dealt(parts.production)),
        "the same rows shuffled, against a reference of their own": [
            judge(late_reference[FEATURES], window[FEATURES]) for window in late_windows
        ],
    }
    print("| windows of 1,200 flights | with drift | features drifted, on average |")
    print("|---|---|---|")
    for name, verdicts in controls.items():
        counts = [sum(verdict.part is not None for verdict in window.values()) for window in verdicts]
        print(f"| {name} | {sum(map(bool, counts))} of {len(counts)} | {sum(counts) / len(counts):.1f} of {len(FEATURES)} |")


def check(held_back, production) -> None:
    false_alarms = [name for name in FEATURES if any(week.part for week in held_back[name])]
    if false_alarms:
        raise SystemExit(f"the rows held back are not quiet: {', '.join(false_alarms)} drifted")
    moved = [name for name in FEATURES if median(week.size for week in production[name]) >= FLOOR]
    if len(moved) < 3:
        raise SystemExit(f"too little moves from April on: {', '.join(moved)}")


def in_drift(weeks: list[Verdict]) -> str:
    parts = Counter(week.part for week in weeks if week.part)
    others = [f"{count} by its {part}" for part, count in parts.items() if part != "distribution"]
    return f"{parts.total()} of {len(weeks)}" + (f" ({', '.join(others)})" if others else "")


def middle(weeks: list[Verdict]) -> str:
    return f"{median(week.size for week in weeks):.2f}"


def largest(weeks: list[Verdict]) -> str:
    return f"{max(week.size for week in weeks):.2f}"


if __name__ == "__main__":
    main()

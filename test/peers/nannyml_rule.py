"""NannyML's default: Jensen-Shannon against the mean and three standard deviations over the reference's chunks."""

import warnings

import nannyml

from alarms import judged

warnings.filterwarnings("ignore")


def rule(reference, windows, rows):
    names = list(windows)
    calculator = nannyml.UnivariateDriftCalculator(column_names=names, chunk_size=rows).fit(reference)
    found = calculator.calculate(windows).filter(period="analysis").to_df()
    for i in range(len(windows) // rows):
        yield {name for name in names if found[(name, "jensen_shannon", "alert")].iloc[i]}


judged(rule)

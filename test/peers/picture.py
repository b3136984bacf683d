"""Draws alarms.json beside it, to standard output. Bars with their 95 % intervals, a group a rule."""

import json
from html import escape
from pathlib import Path

results = json.loads((Path(__file__).parent / "alarms.json").read_text())
sizes = sorted({result["rows"] for result in results})
PEERS = ["evidently", "nannyml", "whylogs", "alibi", "scouter", "PSI >= 0.1", "PSI >= 0.25"]
ORDER = [*PEERS, "driftline: drift", "driftline: drift or warning", "driftline: drift of window or hour"]
NAMES = {
    "evidently": "Evidently",
    "nannyml": "NannyML",
    "alibi": "Alibi Detect",
    "scouter": "Scouter",
    "driftline: drift of window or hour": "driftline: drift, window or hour",
}
QUESTIONS = {
    "falseAlarms": "Windows without drift that raise an alarm",
    "n0 shifted": "A feature moved by 0.3 sd that is found",
}
COLOURS = ["#9ecae1", "#4292c6", "#084594"]
LEFT, WIDTH, BAR, GAP, TOP = 200, 300, 12, 14, 62
rules = [rule for rule in ORDER if any(result["rule"] == rule for result in results)]
step = BAR * len(sizes) + GAP
height = TOP + step * len(rules) + 24
out = [
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + 2 * WIDTH + 90}" height="{height}" font-family="sans-serif" font-size="13">',
    '<rect width="100%" height="100%" fill="white"/>',
]
for i, rows in enumerate(sizes):
    out.append(f'<rect x="{LEFT + i * 170}" y="8" width="12" height="12" fill="{COLOURS[i]}"/>')
    out.append(f'<text x="{LEFT + 18 + i * 170}" y="19">windows of {rows:,} rows</text>')
for panel, (question, title) in enumerate(QUESTIONS.items()):
    x0 = LEFT + panel * (WIDTH + 50)
    out.append(f'<text x="{x0}" y="48" font-weight="bold">{escape(title)}</text>')
    for tick in (0, 50, 100):
        x = x0 + WIDTH * tick / 100
        out.append(f'<line x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 22}" stroke="#ddd"/>')
        out.append(f'<text x="{x}" y="{height - 6}" text-anchor="middle" fill="#555">{tick} %</text>')
    for j, rule in enumerate(rules):
        y = TOP + j * step
        if panel == 0:
            middle = y + BAR * len(sizes) / 2 + 4
            out.append(f'<text x="{LEFT - 10}" y="{middle}" text-anchor="end">{escape(NAMES.get(rule, rule))}</text>')
        for i, rows in enumerate(sizes):
            found = [result[question] for result in results if result["rule"] == rule and result["rows"] == rows]
            top = y + i * BAR
            if not found:
                out.append(f'<text x="{x0 + 4}" y="{top + 10}" fill="#777" font-size="11">not run</text>')
                continue
            share = found[0]["hits"] / found[0]["of"]
            low, high = (x0 + WIDTH * found[0][end] for end in ("low", "high"))
            out.append(f'<rect x="{x0}" y="{top}" width="{WIDTH * share:.1f}" height="{BAR - 2}" fill="{COLOURS[i]}"/>')
            centre = top + BAR / 2 - 1
            out.append(f'<line x1="{low:.1f}" y1="{centre}" x2="{high:.1f}" y2="{centre}" stroke="#333"/>')
out.append("</svg>")
print("\n".join(out))

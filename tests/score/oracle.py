"""Figures by other means: numpy, scipy and statsmodels instead of core::score.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install numpy==2.2.6 scipy==1.15.3 statsmodels==0.14.4
    /tmp/oracle/bin/python tests/score/oracle.py > tests/tables/score.json

The table is committed, and tests/score.rs holds the core against it.
"""

import json
import random

import numpy
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

Z = stats.norm.ppf(0.975)


def nps(promoters, passives, detractors):
    """A Wald interval of the mean of +1, 0 and -1, with the weights that Rocks (2016) adds."""
    n = promoters + passives + detractors
    sample = DescrStatsW([1, 0, -1], weights=[promoters + 0.75, passives + 1.5, detractors + 0.75], ddof=0)
    half = Z * numpy.sqrt(sample.var / sample.sum_weights)
    low, high = 100 * (sample.mean - half), 100 * (sample.mean + half)
    return {"value": 100 * (promoters - detractors) / n, "low": max(low, -100), "high": min(high, 100)}


def share(hits, n):
    low, high = proportion_confint(hits, n, method="wilson")
    return {"value": 100 * hits / n, "low": 100 * low, "high": 100 * high}


def mean(counts):
    points = numpy.repeat(numpy.arange(1, len(counts) + 1), counts)
    low, high = stats.t.interval(0.95, len(points) - 1, loc=points.mean(), scale=stats.sem(points))
    return {"value": points.mean(), "low": low, "high": high}


def rounded(seconds):
    tenths = int(numpy.floor(seconds * 10 + 0.5))
    unit = 10 ** max(0, len(str(tenths)) - 3)
    return (tenths + unit // 2) // unit * unit / 10


def spans(values):
    kept = [rounded(value) for value in values]
    return {"median": numpy.quantile(kept, 0.5), "p90": numpy.quantile(kept, 0.9)}


draw = random.Random(2016)
sizes = [1, 2, 3, 5, 10, 30, 100, 1000, 100_000]
cases = {"nps": [], "share": [], "mean": [], "spans": []}
for n in sizes:
    for _ in range(12):
        promoters = draw.randint(0, n)
        passives = draw.randint(0, n - promoters)
        given = [promoters, passives, n - promoters - passives]
        cases["nps"].append({"given": given, **nps(*given)})
        hits = draw.choice([0, n, draw.randint(0, n)])
        cases["share"].append({"given": [hits, n], **share(hits, n)})
        counts = [draw.randint(0, max(1, n // 3)) for _ in range(draw.choice([5, 7]))]
        if sum(counts) > 1 and sum(count > 0 for count in counts) > 1:
            cases["mean"].append({"given": counts, **mean(counts)})
for size in [1, 2, 3, 10, 101, 1000]:
    for _ in range(5):
        values = [round(draw.lognormvariate(8, 3), 1) for _ in range(size)]
        cases["spans"].append({"given": values, **spans(values)})
print(json.dumps(cases, indent=None, separators=(",", ":")).replace('{"given"', '\n{"given"'))

#!/usr/bin/env python3
"""Computes the verdicts of a report again, by other code than the report's: SciPy instead of Lua.

    recompute.py REPORT

Reads REPORT/claims.csv (what was registered, and what the report says), REPORT/data/samples.csv (what each
verdict was computed from) and REPORT/data/runs.csv (what each run measured). Exit status 0: all agree;
1: something does not, a line each; 2: the files cannot be read.
"""
import csv
import math
import sys

from scipy import stats

LEVEL = 0.05
wrong = []


def differ(claim, what, ours, theirs):
    wrong.append(f"{claim}: {what} is {theirs} in the report, and {ours} by this computation")


def close(a, b, relative=1e-6, absolute=1e-9):
    return abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# ---- samples are what the runs measured ---------------------------------------------------------------


def measured(runs, keys, metric):
    """The mean over the runs of these keys."""
    values = [float(runs[key][metric]) for key in keys.split(";")]
    return math.fsum(values) / len(values)


def check_samples(samples, runs):
    for s in samples:
        for key in filter(None, (s["keys"] + ";" + s["other_keys"]).split(";")):
            if key not in runs:
                wrong.append(f"{s['claim']}: no run {key} in runs.csv")
                return
        if not s["metric"] or not s["keys"]:
            continue  # taken from a curve
        value = measured(runs, s["keys"], s["metric"])
        if s["other_keys"]:
            value -= measured(runs, s["other_keys"], s["metric"])
        if not close(value, float(s["value"])):
            differ(s["claim"], "a value of the sample", value, s["value"])


# ---- tests ----------------------------------------------------------------------------------------------
# Each gives p for the claim, p against it (None: there is no such test), and the interval or None.


def mean_sd(values):
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


def welch(values, mean, sd, n):
    """Difference to a published mean, its standard error, degrees of freedom (Satterthwaite)."""
    ours, spread = mean_sd(values)
    a, b = spread**2 / len(values), sd**2 / n
    return ours - mean, math.sqrt(a + b), (a + b) ** 2 / (a**2 / (len(values) - 1) + b**2 / (n - 1))


def equivalence(claim, values):
    if len(values) < 2:
        return 1.0, 1.0, None
    published = float(claim["published"])
    d, se, df = welch(values, published, float(claim["published_sd"]), int(claim["published_n"]))
    margin = float(claim["margin"])
    below, above = stats.t.sf((d + margin) / se, df), stats.t.cdf((d - margin) / se, df)
    half = stats.t.ppf(0.975, df) * se
    low, high = published + d - half, published + d + half
    if claim["test"] == "mean":
        low, high = max(low, 0.0), min(high, 1.0)
    return max(below, above), 2 * stats.t.sf(abs(d / se), df), (low, high)


def noninferiority(claim, values):
    if len(values) < 2:
        return 1.0, 1.0, None
    mean, sd = mean_sd(values)
    se, df, margin = sd / math.sqrt(len(values)), len(values) - 1, float(claim["margin"])
    half = stats.t.ppf(0.975, df) * se
    against = min(1.0, 2 * stats.t.cdf((mean + margin) / se, df))
    return stats.t.sf((mean + margin) / se, df), against, (mean - half, mean + half)


def rank(claim, values):
    published = float(claim["published"])
    below = 1 + sum(v <= published for v in values)
    above = 1 + sum(v >= published for v in values)
    return None, min(1.0, 2 * min(below, above) / (len(values) + 1)), None


def binomial(k, n, bar):
    return (stats.binomtest(k, n, bar, alternative="greater").pvalue,
            min(1.0, 2 * stats.binomtest(k, n, bar, alternative="less").pvalue))


def share(claim, values):
    n, bar = int(claim["runs"]), float(claim["margin"])
    k = sum(v >= float(claim["threshold"]) for v in values)
    ci = stats.binomtest(k, n, bar).proportion_ci(method="exact")
    return *binomial(k, n, bar), (ci.low, ci.high)


def pairs(values, others):
    won = sum(a < b for a, b in zip(values, others))
    lost = sum(a > b for a, b in zip(values, others))
    if won + lost == 0:
        return 1.0, 1.0, None
    p = stats.binomtest(won, won + lost, 0.5).pvalue
    ci = stats.binomtest(won, won + lost, 0.5).proportion_ci(method="exact")
    return (p, 1.0, (ci.low, ci.high)) if won > lost else (1.0, p, (ci.low, ci.high))


def cases(claim, samples):
    """How many runs a case had, those without a value among them, stands in the note."""
    by_case, both = {}, []
    for s in samples:
        by_case.setdefault(s["case"], []).append(float(s["value"]) >= float(s["threshold"]))
    for name, reached in by_case.items():
        told = claim["note"].split(f"{name}: ", 1)[1].split(";")[0].split(" of ")
        if int(told[0]) != sum(reached) or int(told[1]) < len(reached):
            differ(claim["id"], f"the count of '{name}'", sum(reached), told[0])
        both.append(binomial(sum(reached), int(told[1]), float(claim["margin"])))
    return max(p for p, _ in both), min(holm([p for _, p in both])), None


def holm(p, size=None):
    size, adjusted, most = max(size or 0, len(p)), [0.0] * len(p), 0.0
    for position, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        most = max(most, min(1.0, (size - position) * p[i]))
        adjusted[i] = most
    return adjusted


def tested(claim, samples):
    values = [float(s["value"]) for s in samples]
    if claim["test"] in ("mean", "gap"):
        result = equivalence(claim, values)
    elif claim["test"] == "noninferior":
        result = noninferiority(claim, values)
    elif claim["test"] == "rank":
        result = rank(claim, values)
    elif claim["test"] == "share":
        result = share(claim, values)
    elif claim["test"] == "pairs":
        result = pairs(values, [float(s["other"]) for s in samples])
    else:
        result = cases(claim, samples)
    failed = "gave no value" in claim["note"]  # then nothing is shown but by counts
    if failed and result[0] is not None and claim["test"] != "share":
        result = (1.0, *result[1:])
    return result


# ---- words ----------------------------------------------------------------------------------------------


def word(claim, supported, against):
    if claim["test"] == "rank":
        return "outside" if against < LEVEL else "compatible"
    if supported < LEVEL:
        return "replicated"
    return "not replicated" if against < LEVEL else "undecided"


def compare(claim, name, ours):
    theirs = claim[name]
    if (ours is None) != (theirs == "") or (ours is not None and not close(ours, float(theirs))):
        differ(claim["id"], name, ours, theirs or "nothing")


def check_family(family, members):
    known = [(claim, result) for claim, result in members if result]
    adjusted = {}
    for side in (0, 1):
        with_p = [(claim["id"], result[side]) for claim, result in known if result[side] is not None]
        for (name, _), p in zip(with_p, holm([p for _, p in with_p], len(members))):
            adjusted[name, side] = p
    for claim, (p_for, p_against, interval) in known:
        compare(claim, "p_for", p_for)
        compare(claim, "p_against", p_against)
        compare(claim, "holm_for", adjusted.get((claim["id"], 0)))
        compare(claim, "holm_against", adjusted.get((claim["id"], 1)))
        if interval:
            for name, end in zip(("ci_low", "ci_high"), interval):
                if not close(end, float(claim[name]), 1e-6, 1e-6):
                    differ(claim["id"], name, end, claim[name])
        said = word(claim, adjusted.get((claim["id"], 0), 1.0), adjusted.get((claim["id"], 1), 1.0))
        if claim["verdict"].removesuffix(" above").removesuffix(" below").removesuffix(
                " the other way round") != said:
            differ(claim["id"], "the verdict", said, claim["verdict"])


def main(report):
    claims = rows(f"{report}/claims.csv")
    samples = rows(f"{report}/data/samples.csv")
    runs = {row["key"]: row for row in rows(f"{report}/data/runs.csv")}
    check_samples(samples, runs)
    families, checked = {}, 0
    for claim in claims:
        if not claim["family"]:
            continue
        own = [s for s in samples if s["claim"] == claim["id"]]
        judged = claim["p_for"] or claim["p_against"]
        families.setdefault(claim["family"], []).append((claim, tested(claim, own) if judged else None))
        checked += bool(judged)
    for family, members in families.items():
        check_family(family, members)
    for line in wrong:
        print(line)
    print(f"{len(samples)} values of {checked} claims with a test: " + (f"{len(wrong)} disagreements"
          if wrong else "all agree" if checked else "the values agree, and no claim was judged"))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(print(__doc__.strip()) or 2)
    try:
        sys.exit(main(sys.argv[1]))
    except (OSError, KeyError, ValueError) as fault:
        print(f"recompute.py: {sys.argv[1]}: {fault!r}", file=sys.stderr)
        sys.exit(2)

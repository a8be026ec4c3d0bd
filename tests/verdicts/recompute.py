#!/usr/bin/env python3
"""Computes the verdicts of a report again, by other code than the report's: SciPy instead of Lua.

    recompute.py REPORT

Reads REPORT/claims.csv (what was registered, and what the report says), REPORT/data/samples.csv (what each
verdict was computed from) and REPORT/data/runs.csv (what each run measured). Exit status 0: all agree;
1: something does not, a line each; 2: the files cannot be read.
"""
import csv
import math
import statistics
import sys

try:
    from scipy import stats
except ImportError:
    print("recompute.py: SciPy is not installed for this Python (Debian: python3-scipy)", file=sys.stderr)
    sys.exit(2)

LEVEL = 0.05
wrong = []


class Unreadable(Exception):
    """A file of another shape than the report writes."""


def differ(claim, what, ours, theirs):
    wrong.append(f"{claim}: {what} is {theirs or 'nothing'} in the report, and {ours} by this computation")


def close(a, b, relative=1e-6, absolute=1e-9):
    return a == b or abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# ---- samples are what the runs measured ---------------------------------------------------------------


def check_samples(samples, runs):
    """Every value is the measurement of its run, the mean of several, or the first minus the second."""

    def measured(keys):
        return statistics.fmean(float(runs[key][s["metric"]]) for key in keys.split(";"))

    for s in samples:
        if not s["value"]:
            continue  # a case of which no run has a value
        unknown = [k for k in (s["keys"] + ";" + s["other_keys"]).split(";") if k and k not in runs]
        for key in unknown:
            wrong.append(f"{s['claim']}: runs.csv has no run {key}")
        if unknown or not s["metric"] or not s["keys"]:
            continue  # without a metric it was taken from a curve
        expected = measured(s["keys"])
        if s["other"]:
            if not close(measured(s["other_keys"]), float(s["other"])):
                differ(s["claim"], "the other value of a pair", measured(s["other_keys"]), s["other"])
        elif s["other_keys"]:
            expected -= measured(s["other_keys"])
        if not close(expected, float(s["value"])):
            differ(s["claim"], "a value of the sample", expected, s["value"])


def check_size(claim, samples):
    """As many values as runs, but for those that gave none and those that died."""
    runs, missing, dead = (int(claim[name] or 0) for name in ("runs", "missing", "dead"))
    values = sum(s["value"] != "" for s in samples)
    if values + missing + dead != runs:
        differ(claim["id"], "the number of values", runs - missing - dead, str(values))
    per_case = {(s["case"], int(s["runs"])) for s in samples if s["case"]}
    if per_case and sum(n for _, n in per_case) != runs:
        differ(claim["id"], "the number of runs of all cases", sum(n for _, n in per_case), claim["runs"])


def level(claim):
    return float(claim["level"] or LEVEL)


# ---- tests ----------------------------------------------------------------------------------------------
# Each gives what was estimated, its interval (or None), p for the claim, p against it (None: no such test),
# and the side on which it would not hold.


def reached(claim, samples, threshold):
    """Which runs reach a threshold: a loss at it or below, all else at it or above."""
    down = bool(samples) and samples[0]["metric"].endswith("loss")
    return [float(s["value"]) <= threshold if down else float(s["value"]) >= threshold for s in samples]


def t_tail(distance, se, df):
    """P(T >= distance / se), also without any spread."""
    return stats.t.sf(distance / se, df) if se > 0 else 0.0 if distance > 0 else 1.0


def difference(values, published):
    """Mean minus a published mean (or 0), its standard error, degrees of freedom (Satterthwaite)."""
    mean, a = statistics.fmean(values), statistics.variance(values) / len(values)
    if not published:
        return mean, math.sqrt(a), len(values) - 1
    target, sd, n = published
    b = sd**2 / n
    df = (a + b) ** 2 / (a**2 / (len(values) - 1) + b**2 / (n - 1)) if a + b > 0 else len(values) + n - 2
    return mean - target, math.sqrt(a + b), df


def summary(claim):
    """The published mean, its standard deviation and its number of runs."""
    return float(claim["published"]), float(claim["published_sd"]), int(claim["published_n"])


def interval(centre, se, df):
    half = stats.t.ppf(0.975, df) * se
    return centre - half, centre + half


def of_difference(claim, values):
    margin = float(claim["margin"])
    paired = claim["test"] == "noninferior"
    published = None if paired else summary(claim)
    if len(values) < 2:
        return None, None, 1.0, 1.0, ""
    d, se, df = difference(values, published)
    centre = d + (published[0] if published else 0.0)
    low, high = interval(centre, se, df)
    if claim["test"] == "mean":  # of accuracies
        low, high = max(low, 0.0), min(high, 1.0)
    if paired:
        return centre, (low, high), t_tail(d + margin, se, df), min(1.0, 2 * t_tail(-margin - d, se, df)), "below"
    p_for = max(t_tail(d + margin, se, df), t_tail(margin - d, se, df))
    p_against = 2 * stats.t.sf(abs(d / se), df) if se > 0 else float(d == 0)
    return centre, (low, high), p_for, p_against, "above" if d > 0 else "below"


def of_rank(claim, values):
    published = float(claim["published"])
    below = 1 + sum(v <= published for v in values)
    above = 1 + sum(v >= published for v in values)
    middle = stats.scoreatpercentile(values, [2.5, 97.5]) if values else None
    p = min(1.0, 2 * min(below, above) / (len(values) + 1)) if values else 1.0
    return statistics.median(values) if values else None, middle, None, p, ""


def exact(k, n, bar):
    return (stats.binomtest(k, n, bar, alternative="greater").pvalue,
            min(1.0, 2 * stats.binomtest(k, n, bar, alternative="less").pvalue))


def clopper_pearson(k, n):
    ends = stats.binomtest(k, n).proportion_ci(method="exact")
    return ends.low, ends.high


def of_share(claim, samples):
    n = int(claim["runs"])
    k = sum(reached(claim, samples, float(claim["threshold"])))
    return k / n, clopper_pearson(k, n), *exact(k, n, float(claim["margin"])), "below"


def of_pairs(values, others):
    won = sum(a < b for a, b in zip(values, others))
    lost = sum(a > b for a, b in zip(values, others))
    n = won + lost
    if n == 0:
        return None, None, 1.0, 1.0, ""
    p = stats.binomtest(won, n).pvalue
    sides = (p, 1.0) if won > lost else (1.0, p)
    return won / n, clopper_pearson(won, n), *sides, "the other way round"


def of_cases(claim, samples):
    cases = {}
    for s in samples:
        cases.setdefault(s["case"], []).append(s)
    both = []
    for own in cases.values():
        k = sum(reached(claim, [s for s in own if s["value"]], float(own[0]["threshold"])))
        n = int(own[0]["runs"])
        both.append(exact(k, n, float(claim["margin"])))
    p_for = [p for p, _ in both]
    return sum(p < level(claim) for p in p_for) / len(both), None, max(p_for), min(holm([p for _, p in both])), "below"


def holm(p, size=0):
    size, adjusted, most = max(size, len(p)), [0.0] * len(p), 0.0
    for position, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        most = max(most, min(1.0, (size - position) * p[i]))
        adjusted[i] = most
    return adjusted


def tested(claim, samples):
    values = [float(s["value"]) for s in samples if s["value"]]
    test = claim["test"]
    if test in ("mean", "noninferior"):
        result = of_difference(claim, values)
    elif test == "rank":
        result = of_rank(claim, values)
    elif test == "share":
        return of_share(claim, samples)
    elif test == "pairs":
        result = of_pairs(values, [float(s["other"]) for s in samples])
    elif test == "cases":
        return of_cases(claim, samples)
    else:
        raise Unreadable(f"claims.csv: {claim['id']} has a test that is not known here: {test}")
    if int(claim["missing"] or 0) > 0 and result[2] is not None:  # runs without a value: nothing is shown
        result = (*result[:2], 1.0, *result[3:])
    return result


# ---- claims without a test ------------------------------------------------------------------------------


def untested(claim, samples):
    """What is estimated, and the word."""
    values = [float(s["value"]) for s in samples]
    part = claim["id"].rsplit(".", 1)[-1]
    if claim["test"] == "exact":
        published = float(claim["published"])
        ours = max(values) if max(values) > published else min(values)
        side = " above" if ours > published else " below"
        return ours, "replicated" if ours == published else "not replicated" + side
    if claim["test"] == "exhibit":
        k = sum(reached(claim, samples, float(claim["threshold"])))
        return k / int(claim["runs"]), "replicated" if k else "not replicated"
    if claim["test"] in ("described", "gap"):
        of = {"min": min, "max": max, "sd": statistics.stdev}.get(part, statistics.fmean)
        return of(values), "described"
    raise Unreadable(f"claims.csv: {claim['id']} has no family, and a test that is not known here")


def check_gap(claim, samples):
    """The interval of a described difference, which counts the spread of the published runs."""
    values = [float(s["value"]) for s in samples]
    ends = (None, None)
    if len(values) > 1:
        d, se, df = difference(values, summary(claim))
        ends = interval(d + float(claim["published"]), se, df)
    for name, end in zip(("ci_low", "ci_high"), ends):
        compare(claim, name, end)


# ---- words ----------------------------------------------------------------------------------------------


def word(claim, supported, against, side, asked_again):
    if claim["test"] == "rank":
        return "outside" if against < level(claim) else "compatible"
    if supported < level(claim):
        return "replicated"
    if against < level(claim):
        return "not replicated " + side
    return "undecided at first" if claim["id"] in asked_again else "undecided"


def compare(claim, name, ours):
    theirs = claim[name]
    if (ours is None) != (theirs == "") or ours is not None and not close(ours, float(theirs)):
        differ(claim["id"], name, ours, theirs)


def check_family(members, asked_again):
    known = [(claim, result) for claim, result in members if result]
    adjusted = {}
    for side in (2, 3):
        with_p = [(claim["id"], result[side]) for claim, result in known if result[side] is not None]
        for (name, _), p in zip(with_p, holm([p for _, p in with_p], len(members))):
            adjusted[name, side] = p
    for claim, (ours, interval, p_for, p_against, side) in known:
        supported, against = (adjusted.get((claim["id"], k)) for k in (2, 3))
        compare(claim, "ours", ours)
        for name, end in zip(("ci_low", "ci_high"), interval if interval is not None else (None, None)):
            compare(claim, name, end)
        for name, p in (("p_for", p_for), ("p_against", p_against), ("holm_for", supported),
                        ("holm_against", against)):
            compare(claim, name, p)
        said = word(claim, 1.0 if supported is None else supported, 1.0 if against is None else against, side,
                    asked_again)
        if claim["verdict"] != said:
            differ(claim["id"], "the verdict", said, claim["verdict"])


def judged(claim):
    """May anything be judged? Not on reduced runs, nor on other images, nor what was not run."""
    return not any(barred in claim["verdict"] for barred in ("not judged", "not compared", "not run"))


def main(report):
    claims = rows(f"{report}/claims.csv")
    samples = rows(f"{report}/data/samples.csv")
    check_samples(samples, {row["key"]: row for row in rows(f"{report}/data/runs.csv")})
    families, checked = {}, 0
    asked_again = {c["id"].removesuffix(".again") for c in claims if c["id"].endswith(".again") and judged(c)}
    for claim in claims:
        own = [s for s in samples if s["claim"] == claim["id"]]
        decides = judged(claim)
        checked += decides
        if claim["runs"]:
            check_size(claim, own)
        if claim["family"]:
            families.setdefault(claim["family"], []).append((claim, tested(claim, own) if decides else None))
        elif decides:
            ours, said = untested(claim, own)
            compare(claim, "ours", ours)
            if claim["test"] == "gap":
                check_gap(claim, own)
            if claim["verdict"] != said:
                differ(claim["id"], "the verdict", said, claim["verdict"])
    for members in families.values():
        check_family(members, asked_again)
    print("\n".join(wrong + [f"{len(samples)} values of {checked} judged claims: " + (
        f"{len(wrong)} disagreements" if wrong else "all agree")]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1]))
    except (OSError, LookupError, ValueError, TypeError, csv.Error, statistics.StatisticsError,
            Unreadable) as fault:
        print(f"recompute.py: {sys.argv[1]}: {fault!r}", file=sys.stderr)
        sys.exit(2)

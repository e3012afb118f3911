"""Makes reference.json, the values that Tests/EvaluationTests holds the statistics of a verdict to.

Every number comes from SciPy or statsmodels, or from an optimiser of SciPy run over the definition; none from the code under test.
Versions: Tests/Integration/requirements/statistics.txt.

    make reference                  makes the environment and says whether reference.json is what comes out
    make_reference.py --write       writes reference.json again
"""

import json
import pathlib
import sys

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

PATH = pathlib.Path(__file__).with_name("reference.json")


def distributions():
    probabilities = [1e-300, 1e-20, 1e-9, 0.001, 0.025, 0.0749, 0.0751, 0.2, 0.5, 0.7, 0.925, 0.975, 0.99, 0.999999]
    shapes = [(0.5, 0.5), (1, 1), (2, 5), (0.5, 12), (30, 0.5), (100, 3), (400, 600), (5000, 5)]
    degrees = [1, 1.5, 2, 4, 9, 29.5, 99, 199, 201, 1000, 99999]
    return {
        "normal_quantile": [[p, stats.norm.ppf(p)] for p in probabilities],
        "normal_cumulative": [[z, stats.norm.cdf(z)] for z in [-30, -8, -3, -1.96, -0.1, 0, 0.5, 1.96, 4, 8]],
        "log_gamma": [[x, float(special.gammaln(x))] for x in [1e-3, 0.5, 1, 2, 3.7, 50, 1e5]],
        "beta_cumulative": [
            [x, a, b, stats.beta.cdf(x, a, b)] for a, b in shapes for x in [0.001, 0.05, 0.3, 0.4, 0.5, 0.9, 0.97, 0.999]
        ],
        "beta_quantile": [[p, a, b, stats.beta.ppf(p, a, b)] for a, b in shapes for p in [0.001, 0.025, 0.3, 0.5, 0.975]],
        "student_t_cumulative": [[t, v, stats.t.cdf(t, v)] for v in degrees for t in [-5, -1, 0.3, 2, 6]],
        "student_t_quantile": [[p, v, stats.t.ppf(p, v)] for v in degrees for p in [0.5, 0.6, 0.9, 0.975, 0.995, 0.99995]],
        "binomial_cumulative": [
            [k, n, p, stats.binom.cdf(k, n, p)]
            for n, p in [(1, 0.5), (10, 0.5), (50, 0.9), (1000, 0.02)]
            for k in sorted({0, 1, n // 50, n // 2, int(n * p), n - 1, n})
        ],
    }


def single_proportions():
    counts = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (45, 50), (81, 263), (299, 300), (920, 1000), (99990, 100000)]
    return {
        "wilson": [
            [k, n, c, *stats.binomtest(k, n).proportion_ci(c, method="wilson")] for k, n in counts for c in (0.9, 0.95, 0.99)
        ],
        "clopper_pearson": [
            [k, n, c, *map(float, proportion_confint(k, n, alpha=1 - c, method="beta"))] for k, n in counts for c in (0.95, 0.99)
        ],
    }


def clustered():
    """Cluster-robust standard errors of statsmodels' least squares on a constant; the Wilson interval spelled out from them."""
    random = np.random.default_rng(20)
    rows = []
    for cases, repetitions, rate, correlation in [(12, 3, 0.7, 0.4), (40, 5, 0.9, 0.3), (100, 2, 0.8, 0.8), (60, 4, 0.5, 0.1)]:
        k = (1 - correlation) / correlation
        passed = random.binomial(repetitions, random.beta(rate * k, (1 - rate) * k, cases))
        trials = np.concatenate([[1] * p + [0] * (repetitions - p) for p in passed]).astype(float)
        groups = np.repeat(np.arange(cases), repetitions)
        fit = sm.OLS(trials, np.ones(len(trials))).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
        mean, variance = float(fit.params[0]), float(fit.bse[0]) ** 2
        y = passed / repetitions
        effective = max(cases, (mean * (1 - mean) + variance) / variance)
        # Degrees of freedom by the jackknife's infinitesimal form, differentiated numerically.
        weights = np.full(cases, 1 / cases)

        def log_design(w):
            m = w @ y
            return np.log((w @ (y - m) ** 2) / (m * (1 - m)))

        influence = []
        for i in range(cases):
            step = 1e-6
            up = weights * (1 - step)
            up[i] += step
            down = weights * (1 + step)
            down[i] -= step
            influence.append((log_design(up) - log_design(down)) / (2 * step))
        degrees = 2 / (np.square(influence).sum() / cases**2)
        q = stats.t.ppf(0.975, degrees)
        centre = (mean + q * q / (2 * effective)) / (1 + q * q / effective)
        half = q / (1 + q * q / effective) * np.sqrt(mean * (1 - mean) / effective + q * q / (4 * effective**2))
        low, high = fit.conf_int(0.05)[0]
        rows.append(
            {
                "passed": passed.tolist(), "repetitions": repetitions, "rate": mean, "effective_trials": effective,
                "degrees": degrees, "lower": centre - half, "upper": centre + half, "t_lower": float(low), "t_upper": float(high),
            }
        )
    return {"clustered": rows}


def paired():
    """Tango's interval from the likelihood itself: the constrained maximum by SciPy's minimiser, its score statistic by root finding."""

    def statistic(b, c, n, d):
        # Chances of gain and loss g, l with g - l = d; the rest of the pairs agree.
        def loss(l):
            g = l + d
            rest = 1 - g - l
            total = 0.0
            for count, chance in ((b, g), (c, l), (n - b - c, rest)):
                if count:
                    total -= count * np.log(max(chance, 1e-300))
            return total

        low, high = max(0, -d), (1 - d) / 2
        best = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-14}).x
        best = min((low, best, high), key=loss)
        return (b - c - n * d) / np.sqrt(n * (2 * best + d - d * d))

    rows = []
    z = stats.norm.ppf(0.975)
    for b, c, n in [(5, 12, 100), (1, 1, 50), (0, 9, 60), (3, 0, 30), (40, 25, 300), (2, 2, 10)]:
        estimate = (b - c) / n
        # The minimiser is exact to about 1e-8, and so are the ends.
        lower = optimize.brentq(lambda d: statistic(b, c, n, d) - z, -1 + 1e-9, estimate - 1e-9, xtol=1e-12)
        upper = optimize.brentq(lambda d: statistic(b, c, n, d) + z, estimate + 1e-9, 1 - 1e-9, xtol=1e-12)
        p = float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)
        rows.append([b, c, n, lower, upper, p])
    return {"paired": rows}


def bootstrap():
    """Bootstrap-t with 200,000 draws of NumPy."""
    random = np.random.default_rng(21)
    rows = []
    samples = [random.binomial(3, 0.75, cases) - random.binomial(3, 0.85, cases) for cases in (30, 120)]
    # Losses only: the end towards them lies farther out than Student's t has it.
    samples += [-random.binomial(3, 0.12, 60)]
    for sample in samples:
        cases, values = len(sample), sample / 3
        mean, error = values.mean(), stats.sem(values)
        drawn = values[random.integers(0, cases, (200_000, cases))]
        t = (drawn.mean(1) - mean) / stats.sem(drawn, axis=1)
        low, high = np.quantile(t, [0.025, 0.975])
        rows.append({"differences": np.round(values * 3).astype(int).tolist(), "lower": mean - high * error, "upper": mean - low * error})
    return {"bootstrap": rows}


def rounded(value):
    """To 12 digits, beyond which builds of SciPy differ."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    return float(f"{float(value):.12e}")


def same(mine, theirs):
    if isinstance(mine, dict):
        return isinstance(theirs, dict) and mine.keys() == theirs.keys() and all(same(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, list):
        return isinstance(theirs, list) and len(mine) == len(theirs) and all(map(same, mine, theirs))
    return bool(np.isclose(mine, theirs, rtol=1e-7, atol=1e-300)) or abs(mine - theirs) < 1e-9


def main():
    made = rounded(distributions() | single_proportions() | clustered() | paired() | bootstrap())
    if sys.argv[1:] == ["--write"]:
        lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in made.items()]
        PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    elif same(made, json.loads(PATH.read_text())):
        print(f"reference.json is what SciPy says: {sum(map(len, made.values()))} rows")
    else:
        sys.exit("reference.json differs from what SciPy says")


main()

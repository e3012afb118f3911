"""How the answers of different stores are held against each other.

Every answer is brought to plain rows first; then:
- trace_by_id: the same span ids, each once.
- tokens_by_day_model, errors_by_service_hour, full_text_count: equal as sets of rows, order aside.
- latency_by_model: models and counts equal; each percentile within a tolerance of the exact, interpolated one, or between
  the exact values `RANK_TOLERANCE` to either side of its rank: every store estimates percentiles in its own way, and a group with few
  rows has wide gaps.
- newest 50, top 20, slowest 20: as many rows as asked for or as there are; every row one that is exactly that new, large or slow; none
  missing that is newer, larger or slower than the last one. Rows that tie for the last place may differ.
"""
PERCENTILE_TOLERANCE = 0.02
# ClickHouse's `quantile` samples 8,192 values of a group, at random.
PEERS_PERCENTILE_TOLERANCE = 0.06
RANK_TOLERANCE = 0.005
LIMITS = {"attr_eq_newest50": 50, "full_text_phrase": 50, "top_users_tokens": 20, "slowest20_service": 20}


def plain(value):
    if isinstance(value, (list, tuple)):
        return tuple(plain(element) for element in value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


def differences(question, answer, exact, percentile_tolerance=PERCENTILE_TOLERANCE):
    """What is wrong with an answer, as sentences; none when it is right. And the largest relative error of a percentile."""
    answer, exact = [plain(row) for row in answer], [plain(row) for row in exact]
    if question == "trace_by_id":
        mine, theirs = sorted(row[0] for row in answer), sorted(row[2] for row in exact)
        return ([] if mine == theirs else [f"{len(mine)} spans instead of {len(theirs)}"]), 0
    if question == "latency_by_model":
        return latency_differences(answer, exact, percentile_tolerance)
    if question in LIMITS:
        return limited_differences(answer, exact, LIMITS[question]), 0
    missing, extra = set(exact) - set(answer), set(answer) - set(exact)
    if missing or extra or len(answer) != len(exact):
        return [f"{len(missing)} rows missing, {len(extra)} rows extra, such as {list(missing)[:2]} and {list(extra)[:2]}"], 0
    return [], 0


def latency_differences(answer, exact, tolerance):
    mine, theirs = {row[0]: row for row in answer}, {row[0]: row for row in exact}
    if mine.keys() != theirs.keys():
        return [f"models {sorted(mine)} instead of {sorted(theirs)}"], 0
    found, worst = [], 0
    for model, (_, count, percentiles) in theirs.items():
        if mine[model][1] != count:
            found.append(f"{model}: {mine[model][1]} instead of {count}")
        for place, got in enumerate(mine[model][2]):
            low, right, high = percentiles[3 * place:3 * place + 3]
            error = abs(got - right) / right
            worst = max(worst, error)
            if error > tolerance and not low <= got <= high:
                found.append(f"{model}: {got} instead of {right}")
    return found, worst


def limited_differences(answer, exact, limit):
    wanted = min(limit, len(exact))
    if len(answer) != wanted:
        return [f"{len(answer)} rows instead of {wanted}"]
    if wanted == 0:
        return []
    last = exact[wanted - 1][0]
    allowed = [row[1:] for row in exact if row[0] >= last]
    required = [row[1:] for row in exact if row[0] > last]
    left = list(answer)
    for row in required:
        if row not in left:
            return [f"{row} is missing"]
        left.remove(row)
    wrong = [row for row in left if row not in allowed]
    return [f"{row} does not belong here" for row in wrong]

#!/usr/bin/env bash
# A bounded run of the fuzzer (P17): fails when an input breaks a promise, when fewer executions were made than asked
# for, or when the run found no new coverage.
#   BCCLOG_RUNS: executions in all, 100,000 unless told; BCCLOG_FUZZERS: processes, one a core unless told.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${BCCLOG_PYTHON:-${BCCLOG_VENV:-.venv}/bin/python}
runs=${BCCLOG_RUNS:-100000}
fuzzers=${BCCLOG_FUZZERS:-$(nproc)}
each=$(((runs + fuzzers - 1) / fuzzers))

"$python" fuzz/make_seeds.py
rm -rf fuzz/corpus fuzz/logs
mkdir -p fuzz/found fuzz/logs
pids=()
for ((number = 1; number <= fuzzers; number++)); do
  mkdir -p "fuzz/corpus/$number"
  "$python" fuzz/fuzz_plan.py "fuzz/corpus/$number" fuzz/seeds -dict=fuzz/mail.dict -runs="$each" -seed="$number" \
    -max_len=2000 -timeout=20 -rss_limit_mb=2048 -artifact_prefix=fuzz/found/ -print_final_stats=1 \
    >"fuzz/logs/$number" 2>&1 &
  pids+=($!)
done
failed=0
for number in "${!pids[@]}"; do
  wait "${pids[$number]}" || { failed=1; grep -v '^INFO\|^#' "fuzz/logs/$((number + 1))" | tail -60; }
done
[ "$failed" = 0 ] || { echo "== the fuzzer found something: fuzz/found/"; exit 1; }
total() { sed -n "s/^stat::$1: *//p" fuzz/logs/* | awk '{ sum += $1 } END { print sum + 0 }'; }
done_runs=$(total number_of_executed_units)
new_units=$(total new_units_added)
grep -hE 'INITED|DONE' fuzz/logs/*
echo "executions: $done_runs, inputs with new coverage: $new_units"
[ "$done_runs" -ge "$runs" ] || { echo "== fewer executions than asked for"; exit 1; }
[ "$new_units" -gt 0 ] || { echo "== no new coverage: the fuzzer does not see bcclog"; exit 1; }

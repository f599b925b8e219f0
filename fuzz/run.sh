#!/usr/bin/env bash
# A bounded run of the fuzzer (P17): fails when an input breaks a promise, when fewer executions were made than asked
# for, or when the run found no new coverage. BCCLOG_RUNS: executions, 100,000 unless told.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${BCCLOG_PYTHON:-${BCCLOG_VENV:-.venv}/bin/python}
runs=${BCCLOG_RUNS:-100000}
log=fuzz/run.log

"$python" fuzz/make_seeds.py
rm -rf fuzz/corpus
mkdir -p fuzz/corpus fuzz/found
"$python" fuzz/fuzz_plan.py fuzz/corpus fuzz/seeds -dict=fuzz/mail.dict -runs="$runs" -max_len=8000 \
  -timeout=20 -rss_limit_mb=2048 -artifact_prefix=fuzz/found/ -print_final_stats=1 >"$log" 2>&1 || {
  tail -40 "$log"
  echo "== the fuzzer found something: fuzz/found/"
  exit 1
}
done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
new_units=$(sed -n 's/^stat::new_units_added: *//p' "$log")
grep -E 'INITED|cov:' "$log" | sed -n '1p;$p'
echo "executions: ${done_runs:-0}, inputs with new coverage: ${new_units:-0}"
[ "${done_runs:-0}" -ge "$runs" ] || { echo "== fewer executions than asked for"; exit 1; }
[ "${new_units:-0}" -gt 0 ] || { echo "== no new coverage: the fuzzer does not see bcclog"; exit 1; }

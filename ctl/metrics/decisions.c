/* SPDX-License-Identifier: BSD-2-Clause */
/* Metrics of decisions: how many, and how long they took. */
#include "ctl/metrics/put.h"

static void
put_latency(FILE *out, const struct json *report)
{
	const struct json *o = json_get(report, "latency_us");
	long long p50 = (long long)json_get_int(o, "p50", -1);
	long long p99 = (long long)json_get_int(o, "p99", -1);

	if (p50 < 0 || p99 < 0)
		return;
	put_head(out, "decision_latency_seconds", "gauge",
	    "How long the last 1024 decisions took.");
	fprintf(out,
	    "farmgate_decision_latency_seconds{quantile=\"0.5\"} %lld.%06lld\n"
	    "farmgate_decision_latency_seconds{quantile=\"0.99\"} "
	    "%lld.%06lld\n",
	    p50 / 1000000, p50 % 1000000, p99 / 1000000, p99 % 1000000);
}

void
put_decisions(FILE *out, const struct json *report)
{
	static const char *const verdicts[] = { "allow", "deny", "exempt" };
	static const struct metric others[] = {
		{ "logins_observed_total", "counter",
		    "Logins let in that enforcing would have refused.",
		    "decisions", "observed" },
		{ "logins_aborted_total", "counter",
		    "Logins whose asker went away.", "decisions", "aborted" },
		{ "requests_failed_total", "counter",
		    "Requests that were refused as such.", "decisions",
		    "failed" },
	};
	const struct json *o = json_get(report, "decisions");

	if (o == NULL)
		return;
	put_head(out, "decisions_total", "counter",
	    "Decisions since the start, by verdict.");
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		fprintf(out, "farmgate_decisions_total{verdict=\"%s\"} %lld\n",
		    verdicts[i], (long long)json_get_int(o, verdicts[i], 0));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		put_metric(out, report, &others[i]);
	put_latency(out, report);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Metrics of decisions: how many, and how long they took. */
#include "ctl/metrics/put.h"

static void
put_seconds(FILE *out, int64_t us)
{
	fprintf(out, "%lld.%06lld", (long long)us / 1000000,
	    (long long)us % 1000000);
}

static void
put_histogram(FILE *out, const struct json *o)
{
	const struct json *buckets = json_get(o, "buckets"), *bucket;
	long long count = (long long)json_get_int(o, "count", 0);

	if (json_length(buckets) == 0)
		return;
	put_head(out, "decision_duration_seconds", "histogram",
	    "How long decisions took, since the start.");
	for (size_t i = 0; i < json_length(buckets); i++) {
		bucket = json_at(buckets, i);
		fputs("farmgate_decision_duration_seconds_bucket{le=\"", out);
		put_seconds(out, json_get_int(bucket, "le", 0));
		fprintf(out, "\"} %lld\n",
		    (long long)json_get_int(bucket, "count", 0));
	}
	fprintf(out,
	    "farmgate_decision_duration_seconds_bucket{le=\"+Inf\"} %lld\n"
	    "farmgate_decision_duration_seconds_sum ",
	    count);
	put_seconds(out, json_get_int(o, "sum", 0));
	fprintf(out, "\nfarmgate_decision_duration_seconds_count %lld\n",
	    count);
}

static void
put_latency(FILE *out, const struct json *report)
{
	static const struct {
		const char *key, *quantile;
	} quantiles[] = { { "p50", "0.5" }, { "p90", "0.9" },
		{ "p99", "0.99" } };
	const struct json *o = json_get(report, "latency_us");
	int64_t us;

	if (o == NULL)
		return;
	put_head(out, "decision_latency_seconds", "gauge",
	    "How long the decisions of the last hour took.");
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		if ((us = json_get_int(o, quantiles[i].key, -1)) < 0)
			continue;
		fprintf(out,
		    "farmgate_decision_latency_seconds{quantile=\"%s\"} ",
		    quantiles[i].quantile);
		put_seconds(out, us);
		putc('\n', out);
	}
	put_histogram(out, o);
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

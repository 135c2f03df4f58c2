/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.text: a configuration that was in force, by the hash that decisions
 * are recorded with.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "policyd/control/control_parts.h"
#include "policyd/policies.h"
#include "proto/result.h"

#define POLICY_MS 10000u

bool
control_policy_check(struct control_job *job)
{
	const char *hash = json_get_string(job->args, "sha256", "");

	if (policies_is_hash(hash))
		return true;
	control_problem(job, "sha256 is no hash");
	return false;
}

static FILE *
open_text(const struct control_job *job)
{
	const char *hash = json_get_string(job->args, "sha256", "");
	char path[PATH_MAX];
	FILE *in;
	int fd;

	if (policies_path(job->daemon->rules->conf, hash, path, sizeof(path)) !=
	    0) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if ((fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return NULL;
	if ((in = fdopen(fd, "r")) == NULL)
		(void)close(fd); /* only read */
	return in;
}

static int
text_run(int out_fd, void *arg)
{
	static struct control_out out;
	struct control_job *job = arg;
	char bytes[4096];
	FILE *in, *to;
	size_t n;

	control_out_init(&out, out_fd);
	if ((in = open_text(job)) == NULL)
		return errno == ENOENT ?
		    CONTROL_NO :
		    control_out_failed(&out, "policies", FG_ERR_SYSTEM);
	if ((to = control_out_stream(&out)) == NULL)
		return control_out_failed(&out, "policies", FG_ERR_NOMEM);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		(void)fwrite(bytes, 1, n, to); /* .failed tells */
	if (ferror(in))
		return control_out_failed(&out, "policies", FG_ERR_SYSTEM);
	(void)fclose(in); /* only read */
	(void)fclose(to); /* .failed tells */
	control_out_flush(&out);
	return out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_policy_text(struct control_job *job)
{
	control_work(job, text_run, control_finished, POLICY_MS);
}

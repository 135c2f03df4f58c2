/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive: what explains it, then all parts in the order of their names.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/papers.h"
#include "ctl/audit/tar.h"
#include "policyd/policies.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WHAT   "audit bundle"
#define FOLDER "farmgate-audit"

/* Behind PAPERS_REVOCATIONS would come what begins with r: policies are before
 * reviews. */
#define BEFORE_POLICIES PAPERS_INVENTORY

static const char *const names[PAPERS_PARTS] = {
	[PAPERS_MANIFEST] = "MANIFEST.json",
	[PAPERS_README] = "README",
	[PAPERS_ANCHORS] = "anchors",
	[PAPERS_APPROVALS] = "approvals.jsonl",
	[PAPERS_VERIFIER] = "audit-verify.py",
	[PAPERS_LOG] = "audit.jsonl",
	[PAPERS_CONTROL_CSV] = "control.csv",
	[PAPERS_CONTROL] = "control.jsonl",
	[PAPERS_EXCEPTIONS] = "exceptions.jsonl",
	[PAPERS_INVENTORY] = "inventory.jsonl",
	[PAPERS_REVIEWS] = "reviews.jsonl",
	[PAPERS_REVOCATIONS] = "revocations.jsonl",
};

/* ---- what explains it --------------------------------------------------- */

static const char readme[] =
    "Work papers of Farmgate's audit log; farmgate-audit(5) explains records.\n"
    "\n"
    "  MANIFEST.json      of which host, time and records, and what is "
    "missing;\n"
    "                     each file's size and SHA-256\n"
    "  audit.jsonl        the records of the time, as one piece of the chain\n"
    "  anchors            the daemon's signed anchors of these records\n"
    "  policies/          the configurations that were in force, each by its\n"
    "                     SHA-256, which decisions have as config.sha256\n"
    "  control.csv        what administrators have wanted of the daemon, with\n"
    "  control.jsonl      uid and loginuid; the same as a table and as "
    "records\n"
    "  exceptions.jsonl   exceptions made or removed, and those of before "
    "that\n"
    "                     held when the time began\n"
    "  inventory.jsonl    imports of people, assets and bundles, with how "
    "many\n"
    "                     they have added, changed and removed, the first of\n"
    "                     each by name and, of who was changed, the columns\n"
    "  approvals.jsonl    words of second persons; reviews.jsonl: of who has\n"
    "                     looked into decisions, of this time or into those\n"
    "                     of it later; revocations.jsonl: of access that was\n"
    "                     taken back or given again\n"
    "  audit-verify.py    verifies audit.jsonl with python3 alone\n"
    "\n"
    "Verify it, without any of Farmgate and on another machine:\n"
    "\n"
    "  $ python3 audit-verify.py --piece --anchors anchors audit.jsonl\n"
    "\n"
    "\"ok N HASH continues M HASH\" says that records M+1 to N are as they "
    "were\n"
    "chained, and \"anchored A B KEY\" that the daemon has signed them up to "
    "B\n"
    "with that key.  Compare the key with the one that was noted when the "
    "gate\n"
    "was set up, or give it with --key: whoever can write the log anew can "
    "sign\n"
    "anchors with another one.  Anchors that were kept on another machine "
    "prove\n"
    "more than those that were kept beside the log.\n"
    "\n"
    "  $ sha256sum policies/*.conf\n"
    "\n"
    "has to print the hash that each file is called by.\n";

static int
complain(const struct papers *p)
{
	ctl_complain(WHAT ": %s: %m", p->output);
	return CTL_ERROR;
}

static int
describe_file(struct json *files, const char *name, FILE *file)
{
	char hash[CRYPTO_HEX_SIZE];
	struct json *o;
	long size;

	if (fflush(file) != 0 || ferror(file) || (size = ftell(file)) < 0 ||
	    crypto_sha256_file(fileno(file), hash) != 0)
		return CTL_ERROR;
	o = json_add_object(files);
	json_set_string(o, "name", name);
	json_set_int(o, "bytes", size);
	json_set_string(o, "sha256", hash);
	return CTL_OK;
}

static const char *
policy_name(const struct papers_policy *policy, char buf[128])
{
	(void)text_format(buf, 128, POLICIES_FOLDER "/%s" POLICIES_SUFFIX,
	    policy->hash);
	return buf;
}

static int
describe_files(struct papers *p, struct json *json)
{
	struct json *files = json_set_array(json, "files"), *missing;
	char name[128];
	size_t i;

	for (i = PAPERS_README; i < PAPERS_PARTS; i++)
		if (describe_file(files, names[i], p->part[i]) != CTL_OK)
			return complain(p);
	missing = json_set_array(json, "policies_missing");
	for (i = 0; i < p->npolicies; i++) {
		if (p->policies[i].text == NULL)
			json_add_string(missing, p->policies[i].hash);
		else if (describe_file(files,
			     policy_name(&p->policies[i], name),
			     p->policies[i].text) != CTL_OK)
			return complain(p);
	}
	return CTL_OK;
}

static struct json *
describe(const struct papers *p)
{
	struct json *json = json_new();

	json_set_string(json, "host", p->host);
	json_set_string(json, "version", FG_PACKAGE_VERSION);
	json_set_int(json, "since", p->since_s);
	json_set_int(json, "until", p->until_s);
	json_set_int(json, "first", (int64_t)p->first);
	json_set_int(json, "last", (int64_t)p->last);
	json_set_string(json, "first_ts", p->first_ts);
	json_set_string(json, "last_ts", p->last_ts);
	json_set_string(json, "prev", p->prev);
	json_set_string(json, "head", p->head);
	json_set_int(json, "foreign_lines", (int64_t)p->foreign);
	json_set_int(json, "breaks", (int64_t)p->breaks);
	json_set_int(json, "anchors", (int64_t)p->anchored);
	json_set_int(json, "anchored", (int64_t)p->anchored_last);
	if (p->audit_key[0] != '\0')
		json_set_string(json, "audit_key", p->audit_key);
	return json;
}

int
papers_explain(struct papers *p)
{
	size_t len = (size_t)(papers_verifier_end - papers_verifier);
	struct json *json;
	char *text;
	int r;

	if (fputs(readme, p->part[PAPERS_README]) == EOF ||
	    fwrite(papers_verifier, 1, len, p->part[PAPERS_VERIFIER]) != len)
		return complain(p);
	json = describe(p);
	r = describe_files(p, json);
	text = json_text(json);
	json_free(json);
	if (r == CTL_OK && text == NULL) {
		ctl_complain(WHAT ": out of memory");
		r = CTL_ERROR;
	} else if (r == CTL_OK &&
	    fprintf(p->part[PAPERS_MANIFEST], "%s\n", text) < 0)
		r = complain(p);
	json_text_free(text);
	return r;
}

/* ---- the archive -------------------------------------------------------- */

static int
add(struct papers *p, struct tar *tar, const char *name, FILE *file)
{
	char path[256];

	if (fflush(file) != 0 || ferror(file))
		return complain(p);
	(void)text_format(path, sizeof(path), FOLDER "/%s", name);
	if (tar_add(tar, path, fileno(file), p->last_s) == 0)
		return CTL_OK;
	ctl_complain(WHAT ": %s: %s", p->output, tar_why(tar));
	return CTL_ERROR;
}

static int
add_all(struct papers *p, struct tar *tar)
{
	char name[128];
	int r = CTL_OK;
	size_t i, j;

	for (i = 0; i < PAPERS_PARTS && r == CTL_OK; i++) {
		r = add(p, tar, names[i], p->part[i]);
		if (i != BEFORE_POLICIES)
			continue;
		for (j = 0; j < p->npolicies && r == CTL_OK; j++)
			if (p->policies[j].text != NULL)
				r = add(p, tar,
				    policy_name(&p->policies[j], name),
				    p->policies[j].text);
	}
	return r;
}

int
papers_pack(struct papers *p, int fd, bool gzip)
{
	struct tar *tar;
	int r;

	if ((tar = tar_new(fd, gzip)) == NULL) {
		ctl_complain(WHAT ": no archive can be made");
		return CTL_ERROR;
	}
	if ((r = add_all(p, tar)) == CTL_OK && tar_end(tar) != 0) {
		ctl_complain(WHAT ": %s: %s", p->output, tar_why(tar));
		r = CTL_ERROR;
	}
	tar_free(tar);
	return r;
}

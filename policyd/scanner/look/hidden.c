/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What hides, and what only looks so: daemons go on with the old program when
 * a package is upgraded, and a new one stands in its place.
 */
#include "policyd/scanner/look/hidden.h"

#include <stddef.h>
#include <string.h>

#include "policyd/scanner/reader.h"
#include "policyd/scanner/rule.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HIDDEN_DELETED_TEXT " (deleted)"

/* Names that no program of a user's has for other reasons. */
static const char *const kernel_names[] = { "kthreadd", "kworker/*",
	"ksoftirqd/*", "migration/*", "cpuhp/*", "idle_inject/*", "rcu_*",
	"rcuo?/*", "rcub/*", "rcuc/*", "kswapd?*", "kcompactd?*", "khugepaged",
	"ksmd", "kauditd", "khungtaskd", "oom_reaper", "kdevtmpfs", "kblockd",
	"kintegrityd", "kthrotld", "watchdogd", "irq/*", "jbd2/*", "scsi_eh_*",
	"scsi_tmf_*" };

const char *
hidden_name(enum hidden hidden)
{
	switch (hidden) {
	case HIDDEN_NOT:
		break;
	case HIDDEN_DELETED:
		return "deleted";
	case HIDDEN_MEMFD:
		return "memfd";
	case HIDDEN_KERNEL:
		return "kernel-thread";
	case HIDDEN_LONG:
		return "long-path";
	case HIDDEN_UNREAD:
		return "unreadable";
	}
	return "none";
}

enum hidden
hidden_by_link(char *link, bool *ret_deleted)
{
	size_t len = strlen(link), end = strlen(HIDDEN_DELETED_TEXT);

	*ret_deleted =
	    len > end && strcmp(link + len - end, HIDDEN_DELETED_TEXT) == 0;
	if (*ret_deleted)
		link[len - end] = '\0';
	/* There may be a file of such a name, but not without its end. */
	return *ret_deleted && strncmp(link, "/memfd:", 7) == 0 ? HIDDEN_MEMFD :
								  HIDDEN_NOT;
}

/* Where packages have their programs. */
static const char *const system_folders[] = { "/usr/", "/bin/", "/sbin/",
	"/lib", "/opt/", "/var/", "/snap/", "/nix/", "/gnu/" };

/*
 * Elsewhere there is no upgrade; and a home may be on a server that does not
 * answer.
 */
static bool
is_system(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(system_folders) / sizeof(system_folders[0]); i++)
		if (strncmp(path, system_folders[i],
			strlen(system_folders[i])) == 0)
			return true;
	return false;
}

/* What cannot be looked at is not there; who has ended hides nothing. */
int
hidden_is_gone(const struct fact_process *who, const char *path, bool roots,
    bool *ret_gone)
{
	bool there = false;
	int r;

	*ret_gone = true;
	if (!is_system(path))
		return 0;
	r = reader_is_upgraded(who, path, &there);
	if (r != FG_ERR_TIMEOUT && !there && roots)
		r = reader_is_roots(who, path, &there);
	*ret_gone = !there && r != FG_ERR_NOT_FOUND;
	return r == FG_ERR_TIMEOUT ? r : 0;
}

bool
hidden_by_comm(const char *comm)
{
	size_t i;

	for (i = 0; i < sizeof(kernel_names) / sizeof(kernel_names[0]); i++)
		if (rule_glob(kernel_names[i], comm))
			return true;
	return false;
}

/* Others put their state into brackets, but in several words. */
bool
hidden_by_title(const char *title)
{
	char inner[64];
	size_t len = strlen(title);

	if (title[0] != '[')
		return hidden_by_comm(title);
	if (len < 3 || title[len - 1] != ']' ||
	    text_copy(inner, sizeof(inner), title + 1) != 0)
		return false;
	inner[len - 2] = '\0';
	return strchr(inner, ' ') == NULL || hidden_by_comm(inner);
}

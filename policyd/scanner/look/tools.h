/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes that a rule is about, or that hide: kept from scan to scan,
 * because one scan may not have the time to meet all of them again.
 */
#ifndef FG_TOOLS_H
#define FG_TOOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/scanner/look/hidden.h"
#include "policyd/scanner/look/match.h"

#define TOOLS_MAX	2048u
#define TOOLS_OF_USER	128u	/* but root may have all of them */
#define TOOLS_LOST_UIDS	16u	/* as of the picture */
#define TOOL_HITS_MAX	4u	/* entries that one process is of */
#define TOOL_PATH_MAX	255u
#define TOOL_NAME_MAX	31u
#define TOOL_PORTS_MAX	4u

/* That a process is of an entry, and how that is known. */
struct tool_hit {
	const struct rule *rule;	/* borrowed: which said so */
	uint32_t	 entry;
	uint32_t	 confidence;	/* enum sign_confidence */
	bool		 active;	/* by a rule of its own */
	bool		 by_comm;	/* .active is known by name alone */
	int32_t		 child;		/* which shows use; 0: none */
	uint64_t	 child_start;
	char		 child_name[TOOL_NAME_MAX + 1];
};

struct tool {
	int32_t		 pid;
	int32_t		 ppid;
	uint64_t	 start;
	uint64_t	 round;		/* of the scan that last met it */
	uint32_t	 real_uid;
	uint32_t	 effective_uid;
	uint32_t	 login_uid;	/* (uint32_t)-1: never set */
	uint32_t	 audit_session;
	bool		 lent;		/* its uids, as of owner.h */
	uint32_t	 person;	/* owner_person() of it; 0: root */
	uint64_t	 cgroup_id;	/* unified; 0: not known, or the root */
	/* Its network, where that is another than the scanner's; else 0. */
	uint64_t	 net;
	uint8_t		 apart;		/* SIGN_APART_* when it was met */
	enum hidden	 hidden;
	bool		 at_path;	/* .exe is its file here, or was */
	bool		 alone;		/* in its cgroup; see extra.h */
	size_t		 nports;	/* that its arguments name */
	uint16_t	 port[TOOL_PORTS_MAX];
	size_t		 nhits;
	struct tool_hit	 hit[TOOL_HITS_MAX];
	char		 comm[FACT_COMM_MAX + 1];
	char		 exe[TOOL_PATH_MAX + 1]; /* "" if it is not known */
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

struct tools {
	size_t		 n;
	/* Some found no room in this round: root's, or of too many people;
	 * and those people. */
	bool		 lost;
	uint32_t	 nlost_uids;
	uint32_t	 lost_uid[TOOLS_LOST_UIDS];
	/* Numbers that some tool may have: the last 16 bits of them. */
	uint8_t		 has[65536 / 8];
	struct tool	 tool[TOOLS_MAX];
};

/* Zeroed is empty. The one with this number; NULL: none. */
struct tool *tools_find(struct tools *tools, int32_t pid);

/*
 * Keep a tool, in the place of the one with its number. If there is no room,
 * of one of the user's that differs in nothing but its number, or of the
 * weakest. What is known of its children stays known.
 */
void	tools_put(struct tools *tools, struct tool *tool);

/* Forget what was lost. */
void	tools_begin(struct tools *tools);

/* Drop those that keep says no to. */
typedef bool (*tools_keep_fn)(struct tool *tool, void *arg);
void	tools_sweep(struct tools *tools, tools_keep_fn keep, void *arg);
void	tools_clear(struct tools *tools);

/* The strongest confidence of a tool's hits; SIGN_BY_BEHAVIOUR of a hidden. */
uint32_t tools_confidence(const struct tool *tool);

#endif

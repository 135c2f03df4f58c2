/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scanner: the one process that may look at others. It holds
 * CAP_SYS_PTRACE, and CAP_KILL where the configuration lets it end sessions,
 * parses only what the kernel writes, and speaks messages of fixed sizes over
 * one socketpair with the decider. Both ends are one binary, so the structs go
 * over as they are.
 */
#ifndef FG_SCANNER_H
#define FG_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/privilege/priv.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/scanner/look/look.h"
#include "policyd/scanner/picture.h"
#include "policyd/scanner/rule.h"

#define SCANNER_CAPS	"cap_sys_ptrace=ep"
#define SCANNER_CAPS_TERMINATE	"cap_sys_ptrace,cap_kill=ep"

/*
 * The first message, and the only one that the scanner reads as root: what it
 * keeps from then on. The decider has read the configuration by then.
 */
struct scanner_settle {
	uint32_t	 terminate;	/* 1: CAP_KILL as well; else 0 */
};

/*
 * The decider's part of that: fd is its end of the pair.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	scanner_settle(int fd, bool terminate);

enum scanner_query {
	SCANNER_QUERY_NONE = 0,
	SCANNER_QUERY_PEER,	/* facts about one process */
	SCANNER_QUERY_PARENT,	/* of those only which one, and its parent */
	SCANNER_QUERY_COVERAGE,	/* can the scanner see? */
	SCANNER_QUERY_REMAINS,	/* what lives of these sessions? */
	SCANNER_QUERY_TERMINATE, /* end one session */
	SCANNER_QUERY_RULES,	/* take a part of the catalogue */
	SCANNER_QUERY_LOOK,	/* look at the machine */
	SCANNER_QUERY_CLIENT,	/* who is at a connection's other end? */
	SCANNER_NEWS		/* no query: a device has come or gone */
};

/* A session as the decider knows it; the scanner believes none of it. */
struct scanner_session {
	struct fact_process leader;	/* who asked PAM to open it */
	uint32_t	 uid;		/* of the account */
	uint32_t	 audit_session;	/* (uint32_t)-1: none */
	char		 cgroup[FACT_CGROUP_MAX + 1];
};

#define SCANNER_SESSIONS_MAX 8u

struct scanner_request {
	uint64_t	 id;		/* echoed */
	uint32_t	 query;		/* enum scanner_query */
	int32_t		 pid;		/* PEER */
	uint32_t	 force;		/* TERMINATE: 1: SIGKILL for all */
	uint32_t	 max_age_ms;	/* LOOK: an older picture is no use */
	uint64_t	 have;		/* LOOK: the number of the last one */
	struct look_ends ends;		/* CLIENT */
	uint32_t	 nsessions;	/* REMAINS: 1 to max; TERMINATE: 1 */
	struct scanner_session session[SCANNER_SESSIONS_MAX];
};

/*
 * What is sent of a request: no more sessions than it has, so that many logins
 * at once find room in the socketpair. 0: there cannot be so many.
 */
size_t	scanner_request_size(const struct scanner_request *req);

/*
 * A part of the catalogue, entries before rules, each part in one message and
 * answered before the next is sent. A part with .first set begins anew; when
 * all are there they take the place of those before.
 */
#define SCANNER_PART_MAX 128u

struct scanner_part {
	uint64_t	 id;		/* as of a request */
	uint32_t	 query;		/* SCANNER_QUERY_RULES */
	uint32_t	 first;
	uint32_t	 nentries;	/* of the whole catalogue */
	uint32_t	 nrules;
	uint32_t	 n;		/* of the one kind or the other here */
	uint32_t	 are_rules;	/* 0: they are entries */
	union {
		struct rule_entry entry[SCANNER_PART_MAX];
		struct rule rule[SCANNER_PART_MAX];
	};
};

/* What is sent of a part. 0: there cannot be so many. */
size_t	scanner_part_size(const struct scanner_part *part);

#define SCANNER_LOOK_MS	200u	/* for one look, whatever there is */

/* Why a session is not ended. */
enum scanner_refusal {
	SCANNER_REFUSED_NOT = 0,
	SCANNER_REFUSED_CAP,	/* the configuration does not permit it */
	SCANNER_REFUSED_GONE,	/* no such process: nothing is left of it */
	SCANNER_REFUSED_LEADER,	/* the process leads no login */
	SCANNER_REFUSED_ERROR,	/* the signal could not be sent */
	SCANNER_REFUSED_PARTLY	/* there is more of it than was ended */
};

#define SCANNER_REFUSED_LAST	SCANNER_REFUSED_PARTLY

struct scanner_answer {
	uint64_t	 id;
	uint32_t	 query;
	uint32_t	 degraded;	/* SCANNER_DEGRADED_* */
	struct fact_peer peer;		/* ERROR: could not look */
	/* REMAINS: processes of each session beside its leader, in the order
	 * of the request; SCANNER_REMAINS_UNKNOWN where nothing ties any,
	 * _CUT where none was found, but not all could be looked at. */
	uint32_t	 remains[SCANNER_SESSIONS_MAX];
	struct fact_client client;	/* CLIENT */
	uint32_t	 picture;	/* LOOK: 1: one follows; 0: it is the
					 * one that you have */
	uint32_t	 refused;	/* RULES: 1: they are none */
	uint32_t	 refusal;	/* TERMINATE: enum scanner_refusal */
	uint32_t	 signalled;	/* and how many processes */
};

#define SCANNER_REMAINS_UNKNOWN	((uint32_t)-1)
#define SCANNER_REMAINS_CUT	((uint32_t)-2)

/* What the self-test (SCANNER_QUERY_COVERAGE) found missing. */
#define SCANNER_DEGRADED_EXE	0x01u	/* cannot read /proc/1/exe */
#define SCANNER_DEGRADED_PIDNS	0x02u	/* not in the first pid namespace */
#define SCANNER_DEGRADED_PROC	0x04u	/* /proc is not a full procfs */
#define SCANNER_DEGRADED_NETNS	0x08u	/* not in pid 1's network namespace */
#define SCANNER_DEGRADED_ALL	0x0fu

/*
 * The scanner's whole life, called in the forked child: close everything but
 * fd (SOCK_SEQPACKET) and the standard descriptors, wait for scanner_settle(),
 * drop to ids, verify, sandbox, then answer on fd until the other end closes.
 * Fatal on anything that is not a request. Never returns.
 */
void	scanner_main(int fd, const struct priv_ids *ids,
	    enum sandbox_mode mode) __attribute__((noreturn));

/*
 * Facts about a process from /proc: start, parents, loginuid, audit session,
 * comm, cgroup (the unified one, else systemd's; names cut to what fits, what
 * is not printable is '?'). uid and pid are left as they are. FACT_ERROR where
 * the process or a part of the needed files is gone, or where it is a zombie;
 * ancestors end at pid 1, or with .cut set at FACT_ANCESTORS_MAX and where the
 * chain breaks.
 */
void	procs_peer(int32_t pid, struct fact_peer *peer);

/*
 * Start, comm and the parent, which is all that a login is tied to its session
 * by: the rest takes several times as long, and stays as for nobody.
 */
void	procs_parent(int32_t pid, struct fact_peer *peer);

/*
 * The parent that a process has now. Returns 0, FG_ERR_NOT_FOUND: it has none,
 * or FG_ERR_SYSTEM: it has ended, or its parent cannot be read.
 */
int	procs_find_parent(const struct fact_process *child,
	    struct fact_process *ret_parent);

/* Bits of SCANNER_DEGRADED_*. */
uint32_t	procs_coverage(void);
/* The gravest of them in words, or "full". Static. */
const char	*procs_coverage_name(uint32_t degraded);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scan from its first part to its last. Each part has its share of the time,
 * and what one leaves is the next one's: who makes processes without end
 * still does not keep the scanner from the hardware.
 */
#include "policyd/scanner/look/look.h"

#include <sys/socket.h>

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/scanner/hardware/hardware.h"
#include "policyd/scanner/look/carry.h"
#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/look/eis.h"
#include "policyd/scanner/look/gateway.h"
#include "policyd/scanner/look/installed.h"
#include "policyd/scanner/look/interface.h"
#include "policyd/scanner/look/logind.h"
#include "policyd/scanner/look/netlink.h"
#include "policyd/scanner/look/netns.h"
#include "policyd/scanner/look/process.h"
#include "policyd/scanner/look/report.h"
#include "policyd/scanner/look/since.h"
#include "policyd/scanner/look/socket.h"
#include "policyd/scanner/look/steered.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LOOK_MS		INT64_C(1000000) /* in nanoseconds */
#define LOOK_CLIENT_MS	50
#define LOOK_PEER_MS	60 /* a login waits for it */
#define LOOK_PEER_FORKS 2

/*
 * Until when, in hundredths of the budget. What is plugged in comes last, and
 * has a fifth at least: no number of processes hides a KVM.
 */
enum look_until {
	LOOK_SESSIONS = 5,
	LOOK_PROCESSES = 60,
	LOOK_SOCKETS = 70,
	LOOK_REPORT = 74,
	LOOK_INTERFACES = 76,
	LOOK_FILES = 80,
	LOOK_ALL = 100
};

struct look {
	struct rules rules;
	struct match match;
	uint64_t rules_number;
	uint64_t round;
	struct netlink diag; /* about sockets */
	struct netlink routes;
	struct hardware *hardware;
	struct processes processes;
	struct sockets sockets;
	struct cgroups cgroups;
	struct since since;
	struct carry carry;
	struct installed installed;
	int64_t begun_ns; /* this scan, and how long it may take */
	int64_t budget_ns;
};

int
look_new(struct look **ret_look)
{
	struct look *look;
	int r;

	*ret_look = NULL;
	if ((look = calloc(1, sizeof(*look))) == NULL)
		return FG_ERR_NOMEM;
	match_make(&look->rules, &look->match);
	/* Without it each scan says that sockets could not be looked at. */
	(void)netlink_open(&look->diag, NETLINK_SOCK_DIAG);
	/* Without it the files of routes tell. */
	(void)netlink_open(&look->routes, NETLINK_ROUTE);
	if ((r = hardware_new(&look->hardware)) != 0) {
		look_free(look);
		return r;
	}
	*ret_look = look;
	return 0;
}

void
look_free(struct look *look)
{
	if (look == NULL)
		return;
	hardware_free(look->hardware);
	netlink_close(&look->diag);
	netlink_close(&look->routes);
	rules_done(&look->rules);
	free(look);
}

/* What is known of tools stands on the old rules. */
void
look_set_rules(struct look *look, struct rules *rules)
{
	rules_done(&look->rules);
	look->rules = *rules;
	memset(rules, 0, sizeof(*rules));
	match_make(&look->rules, &look->match);
	look->rules_number++;
	tools_clear(&look->processes.tools);
	memset(&look->carry, 0, sizeof(look->carry));
}

void
look_steered(struct look *look, struct fact_peer *peer)
{
	int64_t until_ns = walk_now_ns() + LOOK_PEER_MS * LOOK_MS;

	reader_allow(LOOK_PEER_FORKS, until_ns);
	steered_find(&look->processes, &look->match, peer, until_ns,
	    &peer->steered);
}

int
look_fd(const struct look *look)
{
	return hardware_fd(look->hardware);
}

bool
look_news(struct look *look)
{
	return hardware_news(look->hardware);
}

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	(void)clock_gettime(clock, &ts); /* always there */
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void
begin(struct look *look, struct picture *picture)
{
	memset(picture, 0, sizeof(*picture));
	picture->number = ++look->round;
	picture->rules = (uint32_t)look->rules_number;
	picture->taken_ns = clock_ns(CLOCK_BOOTTIME);
	picture->taken_s = clock_ns(CLOCK_REALTIME) / INT64_C(1000000000);
	picture->seat_uid = (uint32_t)-1;
}

static void
allow(const struct look *look, struct scan *scan, enum look_until part)
{
	scan->until_ns = look->begun_ns + look->budget_ns * part / LOOK_ALL;
	reader_until(scan->until_ns);
}

/* One whose ports or relays are known. */
static bool
has_tools(const struct look *look)
{
	const struct tools *tools = &look->processes.tools;
	size_t i, k;

	for (i = 0; i < tools->n; i++)
		for (k = 0; k < tools->tool[i].nhits; k++)
			if (match_has(&look->match, tools->tool[i].hit[k].entry,
				MATCH_KIND(RULE_LISTEN) |
				    MATCH_KIND(RULE_RELAY)))
				return true;
	return false;
}

/* By which the decider asks whose the other end of a connection is. */
static void
tell_addresses(const struct calls *calls, struct picture *picture)
{
	if (!calls->all || calls->addresses > PICTURE_ADDRESSES_MAX)
		return;
	memcpy(picture->address, calls->address, calls->addresses * ADDR_SIZE);
	picture->naddresses = (uint32_t)calls->addresses;
}

static void
look_at_parts(struct look *look, struct scan *scan)
{
	allow(look, scan, LOOK_SESSIONS);
	logind_look(scan); /* first, as it tells whose the seat is */
	allow(look, scan, LOOK_PROCESSES);
	process_walk(&look->processes, scan);
	allow(look, scan, LOOK_SOCKETS);
	carry_begin(&look->carry);
	socket_look(&look->sockets, &look->diag, &look->routes, scan,
	    &look->processes.tools, has_tools(look));
	tell_addresses(&look->sockets.calls, scan->picture);
	netns_look(scan, &look->processes.tools, &look->sockets);
	eis_look(scan, &look->diag, &look->since);
	allow(look, scan, LOOK_REPORT);
	report_tools(scan, &look->processes.tools, &look->sockets);
	report_sockets(scan, &look->sockets, &look->cgroups, &look->since);
	carry_end(&look->carry, &look->processes.tools, scan->picture);
	allow(look, scan, LOOK_INTERFACES);
	interface_look(scan, &look->routes, &look->since);
	gateway_look(&look->routes, scan->until_ns, scan->picture->gateway);
	allow(look, scan, LOOK_FILES);
	installed_look(&look->installed, scan);
	allow(look, scan, LOOK_ALL);
	hardware_look(look->hardware, &look->rules, scan->until_ns,
	    scan->picture);
	since_forget(&look->since, look->round);
}

void
look_take(struct look *look, unsigned int budget_ms,
    struct picture *ret_picture)
{
	struct scan scan = { .match = &look->match,
		.picture = ret_picture,
		.carry = &look->carry };

	look->begun_ns = walk_now_ns();
	look->budget_ns = budget_ms * LOOK_MS;
	reader_allow(READER_FORKS, look->begun_ns + look->budget_ns);
	begin(look, ret_picture);
	scan.round = look->round;
	scan.rules = look->rules_number;
	look_at_parts(look, &scan);
	ret_picture->cost_us =
	    (uint32_t)((walk_now_ns() - look->begun_ns) / 1000);
}

int
look_client_cgroup(struct look *look, const struct look_ends *ends,
    char *ret_cgroup, size_t size, uint32_t *ret_uid)
{
	const struct socket_ends own = { ends->client, ends->server,
		ends->client_port, ends->server_port };
	int64_t until_ns = walk_now_ns() + LOOK_CLIENT_MS * LOOK_MS;
	char path[FACT_CGROUP_MAX + 1];
	uint64_t id;
	int r;

	*ret_cgroup = '\0';
	r = socket_find(&look->diag, &own, until_ns, ret_uid, &id);
	if (r != 0)
		return r;
	(void)cgroup_path(&look->cgroups, id, until_ns, path);
	return text_copy(ret_cgroup, size, path);
}

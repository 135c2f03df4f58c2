/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The named networks that hold the origin's address, as it is written: a
 * NAT64 or 6to4 address is not in the network of the IPv4 address inside it,
 * because anybody may write any IPv4 address there.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/net/netset.h"

void
gather_net(const struct conf *conf, const struct fact_origin *origin,
    struct fact_networks *ret_networks)
{
	struct fact_networks *nets = ret_networks;
	size_t i;

	memset(nets, 0, sizeof(*nets));
	if (origin->kind != ORIGIN_ADDRESS)
		return;
	for (i = 0; i < conf->nnetworks; i++) {
		if (!netset_contains(conf->networks[i].set, &origin->addr))
			continue;
		if (nets->count == FACT_NETWORKS_MAX) {
			nets->overflow = true;
			return;
		}
		nets->index[nets->count++] = i;
	}
}

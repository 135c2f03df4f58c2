/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_diag's byte code. Each range is "at least, at most, and then to the
 * end"; who fails goes on with the next range, and behind the end if there is
 * none. An operation that compares a port has it in another one behind it.
 */
#include "policyd/scanner/look/ports.h"

#include <string.h>

#define OP	     ((unsigned int)sizeof(struct inet_diag_bc_op))
#define OPS_OF_RANGE 5u

struct ports_range {
	uint16_t low;
	uint16_t high;
	bool peer;
};

struct ports_list {
	struct ports_range range[PORTS_RANGES_MAX];
	size_t n;
	bool full;
};

static void
add_range(struct ports_list *list, uint32_t low, uint32_t high, bool peer)
{
	if (list->n == PORTS_RANGES_MAX) {
		list->full = true;
		return;
	}
	list->range[list->n++] =
	    (struct ports_range){ (uint16_t)low, (uint16_t)high, peer };
}

static void
add_ranges(struct ports_list *list, const struct match_ports *ports, bool peer)
{
	uint32_t port, low = 0;
	bool in = false, has;

	for (port = 0; port <= UINT16_MAX; port++) {
		if (!in && port % 8 == 0 && ports->bit[port / 8] == 0) {
			port += 7; /* most bytes have none */
			continue;
		}
		has = match_has_port(ports, (uint16_t)port);
		if (has && !in)
			low = port;
		if (!has && in)
			add_range(list, low, port - 1, peer);
		in = has;
	}
	if (in)
		add_range(list, low, UINT16_MAX, peer);
}

/* left: bytes from here to the end, this operation's and its port's too. */
static void
put_compare(struct inet_diag_bc_op *op, uint8_t code, uint16_t port,
    unsigned int no)
{
	op[0] = (struct inet_diag_bc_op){
		.code = code, .yes = (uint8_t)(2 * OP), .no = (uint16_t)no
	};
	op[1] = (struct inet_diag_bc_op){ .no = port };
}

static void
put_range(struct inet_diag_bc_op *op, const struct ports_range *range,
    unsigned int left, bool last)
{
	unsigned int next = OPS_OF_RANGE * OP;

	/* One operation behind the end is "no". */
	if (last)
		next += OP;
	put_compare(op, range->peer ? INET_DIAG_BC_D_GE : INET_DIAG_BC_S_GE,
	    range->low, next);
	put_compare(op + 2, range->peer ? INET_DIAG_BC_D_LE : INET_DIAG_BC_S_LE,
	    range->high, next - 2 * OP);
	op[4] = (struct inet_diag_bc_op){ .code = INET_DIAG_BC_JMP,
		.yes = (uint8_t)OP,
		.no = (uint16_t)(left - 4 * OP) };
}

size_t
ports_filter(const struct match_ports *local, const struct match_ports *peer,
    struct inet_diag_bc_op ret_ops[PORTS_OPS])
{
	struct ports_list list = { .n = 0 };
	unsigned int size;
	size_t i;

	add_ranges(&list, local, false);
	if (peer != NULL)
		add_ranges(&list, peer, true);
	if (list.full || list.n == 0)
		return 0;
	size = (unsigned int)list.n * OPS_OF_RANGE * OP;
	for (i = 0; i < list.n; i++)
		put_range(&ret_ops[i * OPS_OF_RANGE], &list.range[i],
		    size - (unsigned int)i * OPS_OF_RANGE * OP,
		    i + 1 == list.n);
	return size;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Per-CPU memory private to the program: rate gates, and the packet on its way into a global
 * function. The verifier checks a global function once, for any scratch content, where it would
 * walk inlined code once for every way that leads there: this is what keeps the program with all
 * features far below the verifier's limit (docs/adr/0004-verifier-budget.md).
 */
#ifndef WEIR_SCRATCH_H
#define WEIR_SCRATCH_H

#include "packet.h"

#define SECOND_NS 1000000000ull

/* Events of a window that began at `since`. */
struct gate {
	__u64 since; /* ns, CLOCK_MONOTONIC */
	__u64 count;
};

/* What VIP a packet is for, and its slot. */
struct vip_match {
	__u32 flags; /* enum vip_flag */
	__u16 vip;
	bool any_port; /* the hash takes 0 for the destination port */
};

/* What the ring says about a flow. */
struct place {
	__u32 current;
	__u32 prev;
	bool unstable;
	__u32 changed_at;
};

struct scratch {
	struct gate conn;
	struct gate too_big;
	struct packet pkt;
	struct vip_match match;
	__u32 slot;
	struct place place;
	struct flow_key key;
	__u32 option_id; /* server id in a TCP option, 0: none */
	bool identified; /* pick_exception: the real comes of a server id or a source prefix */
	__u32 l2;
	__u32 frame_bytes; /* of the packet that is being recirculated, as received */
	__u32 rounds; /* tunnels already taken off it */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

static __always_inline struct scratch *scratch_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratch, &zero);
}

/* A window begins at the first event more than a second after the last one began. A limit of 0
 * lets everything pass. */
static __always_inline bool gate_pass(struct gate *gate, __u32 limit, __u64 now)
{
	if (!limit)
		return true;
	if (now - gate->since > SECOND_NS) {
		gate->since = now;
		gate->count = 1;
		return true;
	}
	return ++gate->count <= limit;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The flow table: what the ring alone cannot know. docs/dataplane.md section 4. */
#ifndef WEIR_FLOW_H
#define WEIR_FLOW_H

#include "scratch.h"
#include "maps.h"
#include "packet.h"
#include "usable.h"
#include "vip.h"

/* last_seen is written at most this often, about once a second: a write dirties a shared line. */
#define FLOW_REFRESH_TICKS 60

static __always_inline __u32 ticks(__u64 now)
{
	return (__u32)(now >> TICK_SHIFT);
}

/* Destinations of one CIDR VIP share ring slots but are different flows. */
static __always_inline __u16 flow_fold_destination(const struct packet *pkt)
{
	__u32 word = pkt->dst[0] ^ pkt->dst[1] ^ pkt->dst[2] ^ pkt->dst[3];

	return (__u16)(word ^ word >> 16);
}

static __always_inline void flow_key_fill(struct flow_key *key, const struct packet *pkt,
					  const struct vip_match *match, struct ports hashed)
{
	memcpy(key->src, pkt->src, sizeof(key->src));
	key->sport = pkt->ports.src;
	key->dport = pkt->ports.dst;
	key->vip = match->vip;
	key->dst = match->flags & VIP_CIDR ? flow_fold_destination(pkt) : 0;
	if (match->flags & VIP_AFFINITY_ALWAYS) { /* katran's key: as hashed */
		key->sport = hashed.src;
		key->dport = hashed.dst;
	}
}

/* The entry's real, or NO_REAL if the flow is unknown, forgotten or its real not usable. */
static __always_inline __u32 flow_find(const struct flow_key *key, const struct packet *pkt,
				       const struct vip_match *match, __u64 now,
				       struct counters *count)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);
	__u32 tick = ticks(now), age;

	if (!flow)
		return NO_REAL;
	age = tick - flow->last_seen;
	if (age > (pkt->protocol == IPPROTO_UDP ? settings.udp_idle : settings.tcp_idle))
		return NO_REAL;
	if (!real_is_usable(flow->real, match->vip)) {
		count->flow_unusable++;
		if (match->flags & VIP_UDP_MIGRATION)
			count->udp_migrated++;
		return NO_REAL;
	}
	if (age > FLOW_REFRESH_TICKS)
		flow->last_seen = tick;
	count->flow_hits++;
	return flow->real;
}

/* A new flow that needs no entry takes over one that an older flow with its ports left behind. */
static __always_inline void flow_replace(const struct flow_key *key, __u32 real, __u64 now)
{
	struct flow *flow = bpf_map_lookup_elem(&flows, key);

	if (!flow)
		return;
	flow->real = (__u16)real;
	flow->last_seen = ticks(now);
}

static __always_inline void flow_remember(const struct flow_key *key, __u32 real, __u64 now,
					  struct counters *count)
{
	struct flow flow = { .last_seen = ticks(now), .real = (__u16)real };
	struct scratch *own = scratch_get();

	if (!own)
		return;
	if (!gate_pass(&own->conn, settings.conn_rate, now)) {
		count->flow_gated++;
		return;
	}
	if (bpf_map_update_elem(&flows, key, &flow, BPF_ANY))
		count->flow_insert_failed++;
	else
		count->flow_inserts++;
}

/* Shared table, filled from outside, so without idle times. */
static __always_inline __u32 global_flow_find(const struct flow_key *key, __u16 vip,
					      struct counters *count)
{
	const struct flow *flow = bpf_map_lookup_elem(&global_flows, key);

	if (flow && real_is_usable(flow->real, vip)) {
		count->global_hits++;
		return flow->real;
	}
	count->global_misses++;
	return NO_REAL;
}

#endif

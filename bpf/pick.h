/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which real a packet goes to. docs/dataplane.md section 4. */
#ifndef WEIR_PICK_H
#define WEIR_PICK_H

#include "event.h"
#include "flow.h"
#include "hash.h"
#include "identify.h"
#include "maps.h"
#include "packet.h"
#include "vip.h"

/* VIPs whose packets may go elsewhere than the ring says: their flows are always looked up. */
#define VIP_IDENTIFIED (VIP_QUIC | VIP_UDP_STABLE | VIP_TCP_SERVER_ID | VIP_SOURCE_ROUTING)

static __always_inline __u32 flow_slot_of(const struct packet *pkt, const struct vip_match *match,
					  struct ports hashed)
{
	__u32 src, ports;

	if (match->flags & VIP_DPORT_HASH) {
		__be32 none[4] = {};

		src = pkt->family == 6 ? lookup3_address(none, FLOW_SEED_V6) : 0;
		hashed.src = hashed.dst;
	} else {
		src = pkt->family == 6 ? lookup3_address(pkt->src, FLOW_SEED_V6) : pkt->src[0];
	}
	ports = (__u32)hashed.src | (__u32)hashed.dst << 16;
	return flow_slot(flow_hash(src, ports));
}

static __always_inline const struct ring *ring_of(__u16 vip)
{
	__u32 index = vip, zero = 0;
	void *inner = bpf_map_lookup_elem(&rings, &index);

	return inner ? bpf_map_lookup_elem(inner, &zero) : NULL;
}

/* Real index and SLOT_UNSTABLE; NO_REAL without a ring. */
static __always_inline __u16 ring_entry(__u16 vip, __u32 slot)
{
	const struct ring *ring = ring_of(vip);

	return ring && slot < RING_SIZE ? ring->slot[slot] : NO_REAL;
}

static __always_inline void ring_place(__u16 vip, __u32 slot, struct place *place)
{
	const struct ring *ring = ring_of(vip);
	__u16 entry;

	*place = (struct place){};
	if (!ring || slot >= RING_SIZE)
		return;
	entry = ring->slot[slot];
	place->current = entry & SLOT_REAL_MASK;
	place->unstable = entry & SLOT_UNSTABLE;
	place->prev = ring->prev[slot];
	place->changed_at = ring->changed_at;
}

/* Current, or prev for a flow older than the change. */
static __always_inline __u32 ring_pick(const struct packet *pkt, const struct vip_match *match,
				       const struct place *place, __u64 now,
				       struct counters *count)
{
	count->ring_picks++;
	if (pkt->syn)
		count->syn_picks++;
	if (!place->unstable || pkt->syn || place->prev == NO_REAL)
		return place->current;
	if (pkt->protocol == IPPROTO_UDP && ticks(now) - place->changed_at > settings.udp_grace)
		return place->current;
	if (!real_is_usable(place->prev, match->vip))
		return place->current;
	count->prev_picks++;
	return place->prev;
}

static __always_inline __u32 source_pick(const struct packet *pkt, struct counters *count)
{
	const __u32 *real;

	if (pkt->family == 6) {
		struct source_key_v6 key = { .prefix_len = 128 };

		memcpy(key.addr, pkt->src, sizeof(key.addr));
		real = bpf_map_lookup_elem(&sources_v6, &key);
	} else {
		struct source_key_v4 key = { .prefix_len = 32, .addr = pkt->src[0] };

		real = bpf_map_lookup_elem(&sources_v4, &key);
	}
	if (!real) {
		count->source_misses++;
		return NO_REAL;
	}
	count->source_hits++;
	return *real;
}

/* A flow routed by its id is remembered where the ring would say otherwise, for packets that carry
 * no id (ICMP errors, long headers). */
static __always_inline void note_identified(const struct flow_place *at, const struct flow_key *key,
					    __u32 real, bool insert, __u64 now,
					    const struct packet *pkt,
					    const struct vip_match *match, struct counters *count)
{
	bool quic = pkt->protocol == IPPROTO_UDP, same = head_real(at->head) == real;
	bool silent = settings.compat_katran && quic; /* katran's entries by id are born stale */
	struct vip_traffic *traffic;
	__u32 index = match->vip;

	if (at->way == FLOW_WAYS) {
		if (quic)
			count->quic_not_found++;
		if (insert)
			flow_remember(at, key, real, now, silent ? flow_born_silent(now) : now,
				      count);
		return;
	}
	if (silent)
		head_write(at->bucket, at->way, head_with_real(at->head, real));
	else if (!same || head_silent(at->head, now) || !head_carried(at->head))
		head_write(at->bucket, at->way, head_make(at->tag, real, true, now));
	if (same) {
		if (quic)
			count->quic_match++;
		return;
	}
	if (quic)
		count->quic_mismatch++;
	else
		count->server_id_mismatch++;
	traffic = bpf_map_lookup_elem(&vip_counters, &index);
	if (traffic)
		traffic->server_id_mismatch++;
}

/* Asks the packet itself for its server. initial: it opens a QUIC connection. noted: the flow table
 * shall know. */
static __always_inline struct server identify(struct xdp_md *ctx, const struct packet *pkt,
					      const struct vip_match *match, __u32 option_id,
					      bool *initial, bool *noted, struct counters *count)
{
	struct cursor cur = cursor_of(ctx);
	struct server server = { SERVER_UNKNOWN, NO_REAL };

	if (settings.quic && match->flags & VIP_QUIC && pkt->protocol == IPPROTO_UDP) {
		server = quic_server(&cur, pkt, match->vip, count, initial);
		*noted = server.found == SERVER_FOUND;
	}
	if (settings.udp_stable && server.found == SERVER_UNKNOWN &&
	    match->flags & VIP_UDP_STABLE && pkt->protocol == IPPROTO_UDP)
		server = stable_server(&cur, pkt, match->vip, count);
	if (settings.tcp_server_id && match->flags & VIP_TCP_SERVER_ID &&
	    pkt->protocol == IPPROTO_TCP) {
		server = tcp_server(option_id, pkt, match->vip, count);
		*noted = server.found == SERVER_FOUND && !(match->flags & VIP_AFFINITY_NONE);
	}
	return server;
}

/* Without an id: flow table, shared table, source prefixes, ring. */
static __always_inline __u32 pick_by_flow(struct xdp_md *ctx, const struct packet *pkt,
					  const struct vip_match *match, const struct place *place,
					  const struct flow_key *key, const struct flow_place *at,
					  bool remember, __u64 now, bool *identified,
					  struct counters *count)
{
	__u32 real = NO_REAL;

	if (remember && !pkt->syn) {
		real = flow_find(at, pkt, match, now, count);
		if (real != NO_REAL)
			return real;
		if (pkt->protocol == IPPROTO_TCP) {
			count->unknown_picks++;
			event_emit(ctx, pkt, EVENT_UNKNOWN_FLOW, count);
		}
	}
	if (settings.global_flows && match->flags & VIP_GLOBAL_FLOWS && !pkt->syn) {
		real = global_flow_find(key, match->vip, count);
		if (real != NO_REAL)
			return real;
	}
	if (settings.sources && match->flags & VIP_SOURCE_ROUTING) {
		real = source_pick(pkt, count);
		*identified = real != NO_REAL;
	}
	if (real == NO_REAL)
		real = ring_pick(pkt, match, place, now, count);
	if (real == NO_REAL || !remember || pkt->rst)
		return real;
	if (place->unstable || match->flags & VIP_AFFINITY_ALWAYS || real != place->current)
		flow_remember(at, key, real, now, now, count);
	else if (pkt->syn)
		flow_replace(at, real, now);
	return real;
}

static __always_inline struct ports hashed_ports(const struct packet *pkt,
						 const struct vip_match *match)
{
	struct ports ports = pkt->ports;

	if (match->flags & VIP_NO_SOURCE_PORT)
		ports.src = 0;
	if (match->any_port)
		ports.dst = 0;
	return ports;
}

/* Result of pick_exception: a packet with the id of a server that has no entry. */
#define PICK_UNKNOWN_SERVER 0xffffffff

/*
 * The pick for all that the ring alone cannot tell: unstable slots, VIPs that look their flows up.
 * Takes the packet from scratch. A global function: checked once, called from few packets.
 * Returns a real, NO_REAL or PICK_UNKNOWN_SERVER.
 */
__noinline __u32 pick_exception(struct xdp_md *ctx)
{
	struct scratch *own = scratch_get();
	struct counters *count = counters_get();
	bool initial = false, noted = false, remember;
	struct flow_place at = {};
	struct place *place;
	const struct vip_match *match;
	struct server server;
	__u64 now;

	if (!own || !count)
		return NO_REAL;
	match = &own->match;
	place = &own->place;
	server = identify(ctx, &own->pkt, match, own->option_id, &initial, &noted, count);
	if (server.found == SERVER_BROKEN)
		return PICK_UNKNOWN_SERVER;
	if (initial) {
		__u32 index = match->vip;
		struct vip_traffic *traffic = bpf_map_lookup_elem(&vip_counters, &index);

		if (traffic)
			traffic->new_flows++;
	}
	ring_place(match->vip, own->slot, place);
	remember = !(match->flags & VIP_AFFINITY_NONE) &&
		   (place->unstable || match->flags & (VIP_AFFINITY_ALWAYS | VIP_IDENTIFIED));
	now = clock_ns();
	flow_key_fill(&own->key, &own->pkt, match, hashed_ports(&own->pkt, match));
	if ((remember || noted) && !flow_locate(&own->key, &at))
		return NO_REAL;
	own->identified = server.found == SERVER_FOUND;
	if (own->identified) {
		if (noted)
			note_identified(&at, &own->key, server.real,
					place->unstable || match->flags & VIP_AFFINITY_ALWAYS ||
						server.real != place->current,
					now, &own->pkt, match, count);
		return server.real;
	}
	return pick_by_flow(ctx, &own->pkt, match, place, &own->key, &at, remember, now,
			    &own->identified, count);
}

/* VIPs whose flows the ring alone never tells. */
static __always_inline bool vip_is_exception(__u32 flags)
{
	__u32 mask = VIP_AFFINITY_ALWAYS;

	if (settings.quic)
		mask |= VIP_QUIC;
	if (settings.udp_stable)
		mask |= VIP_UDP_STABLE;
	if (settings.tcp_server_id)
		mask |= VIP_TCP_SERVER_ID;
	if (settings.sources)
		mask |= VIP_SOURCE_ROUTING;
	if (settings.global_flows)
		mask |= VIP_GLOBAL_FLOWS;
	return flags & mask;
}

/* Sets *real; drops as no_real or unknown_server. pkt->ports.src becomes 0 for no-source-port,
 * which the outer header follows. */
static __always_inline enum verdict pick(struct xdp_md *ctx, struct packet *pkt,
					 const struct vip_match *match, struct counters *count,
					 __u32 *real)
{
	bool identified = false;
	__u32 slot = flow_slot_of(pkt, match, hashed_ports(pkt, match));
	__u16 entry = ring_entry(match->vip, slot);

	if (vip_is_exception(match->flags) || entry & SLOT_UNSTABLE) {
		struct scratch *own = scratch_get();

		if (!own)
			return packet_drop(pkt, DROP_NO_REAL);
		own->pkt = *pkt;
		own->match = *match;
		own->slot = slot;
		if (settings.tcp_server_id && match->flags & VIP_TCP_SERVER_ID &&
		    pkt->protocol == IPPROTO_TCP && !pkt->syn && !pkt->icmp)
			own->option_id = tcp_option_server_id(ctx, pkt->l4);
		*real = pick_exception(ctx);
		identified = own->identified;
		if (*real == PICK_UNKNOWN_SERVER) {
			event_emit(ctx, pkt, EVENT_UNKNOWN_SERVER, count);
			return packet_drop(pkt, DROP_UNKNOWN_SERVER);
		}
	} else {
		*real = entry;
		count->ring_picks++;
		if (pkt->syn)
			count->syn_picks++;
	}
	if (match->flags & VIP_NO_SOURCE_PORT)
		pkt->ports.src = 0;
	/* katran hashes with the source address set to 0 and never sets it back. */
	pkt->sourceless = settings.compat_katran && match->flags & VIP_DPORT_HASH && !identified;
	return *real == NO_REAL ? packet_drop(pkt, DROP_NO_REAL) : VERDICT_GO_ON;
}

#endif

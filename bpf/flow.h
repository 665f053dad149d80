/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The flow table: what the ring alone cannot know. docs/dataplane.md section 4. */
#ifndef WEIR_FLOW_H
#define WEIR_FLOW_H

#include "hash.h"
#include "maps.h"
#include "packet.h"
#include "scratch.h"
#include "usable.h"

/* A flow that carried data keeps its entry from others for so many units of age, about 17 s. */
#define FLOW_IN_USE 16
#define FLOW_AGE_MASK 0xffff

/* ns of CLOCK_MONOTONIC, to a few ms where that is cheaper. */
static __always_inline __u64 clock_ns(void)
{
	return settings.coarse_clock ? bpf_ktime_get_coarse_ns() : bpf_ktime_get_ns();
}

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

/* Where a flow is, or would be. */
struct flow_place {
	struct flow_bucket *bucket;
	__u32 tag;
	__u32 way; /* FLOW_WAYS: not there */
	__u64 head; /* of that way, as read */
};

static __always_inline __u32 head_real(__u64 head)
{
	return (__u32)(head >> FLOW_REAL_SHIFT) & SLOT_REAL_MASK;
}

static __always_inline bool head_carried(__u64 head)
{
	return head >> FLOW_CARRIED_SHIFT & 1;
}

static __always_inline __u64 head_make(__u32 tag, __u32 real, bool carried, __u64 now)
{
	__u64 age = ticks(now) >> FLOW_AGE_TICK_SHIFT & FLOW_AGE_MASK;

	return tag | (__u64)(real & SLOT_REAL_MASK) << FLOW_REAL_SHIFT |
	       (__u64)carried << FLOW_CARRIED_SHIFT | age << FLOW_AGE_SHIFT;
}

/* Another real, the same age. */
static __always_inline __u64 head_with_real(__u64 head, __u32 real)
{
	return (head & ~((__u64)SLOT_REAL_MASK << FLOW_REAL_SHIFT)) |
	       (__u64)(real & SLOT_REAL_MASK) << FLOW_REAL_SHIFT;
}

/* Units of age since the entry was last written. */
static __always_inline __u32 head_silent(__u64 head, __u64 now)
{
	__u32 unit = ticks(now) >> FLOW_AGE_TICK_SHIFT;

	return (unit - (__u32)(head >> FLOW_AGE_SHIFT)) & FLOW_AGE_MASK;
}

/* clang 19 drops a mask that it can prove, but before 6.2 the verifier forgets what it knew of a
 * register that is OR-ed with another in 32 bits: hide what `way` is made of. */
static __always_inline __u32 way_index(__u32 way)
{
	asm volatile("" : "+r"(way));
	return way & (FLOW_WAYS - 1);
}

/* A time at which a UDP flow must have been seen to be forgotten now. */
static __always_inline __u64 flow_born_silent(__u64 now)
{
	return now - ((__u64)(settings.udp_idle + (2 << FLOW_AGE_TICK_SHIFT)) << TICK_SHIFT);
}

/* Words of a bucket change under our eyes: each is read once. */
static __always_inline __u64 head_read(const struct flow_bucket *bucket, __u32 way)
{
	return *(const volatile __u64 *)&bucket->head[way_index(way)];
}

static __always_inline void head_write(struct flow_bucket *bucket, __u32 way, __u64 head)
{
	*(volatile __u64 *)&bucket->head[way_index(way)] = head;
}

/* Sign bit, as 0 or 1, of a word that clang 19 must not see through: it would make branches of the
 * arithmetic below, and the verifier (6.18) walk what follows once for each outcome. */
static __always_inline __u32 sign_bit(__u64 word)
{
	asm volatile("" : "+r"(word));
	return (__u32)(word >> 63);
}

/* 1 if zero, else 0. */
static __always_inline __u32 is_zero(__u64 word)
{
	return sign_bit(word | -word) ^ 1;
}

/* Number of the lowest of eight bits. */
static __always_inline __u32 lowest_bit(__u32 bits)
{
	bits &= -bits;
	return (is_zero(bits & 0xaa) ^ 1) | (is_zero(bits & 0xcc) ^ 1) << 1 |
	       (is_zero(bits & 0xf0) ^ 1) << 2;
}

static __always_inline bool flow_locate(const struct flow_key *key, struct flow_place *place)
{
	__u32 index, way, found = 0;
	__u64 word[3], hash;

	memcpy(word, key, sizeof(word));
	hash = flow_key_hash(word, settings.flow_seed);
	index = (__u32)hash & settings.flow_bucket_mask;
	place->tag = (__u32)(hash >> 32);
	place->tag |= is_zero(place->tag); /* or a free entry would match */
	place->bucket = bpf_map_lookup_elem(&flows, &index);
	if (!place->bucket)
		return false;
#pragma unroll
	for (way = 0; way < FLOW_WAYS; way++)
		found |= is_zero((__u32)head_read(place->bucket, way) ^ place->tag) << way;
	place->way = FLOW_WAYS;
	place->head = 0;
	if (!found)
		return true;
	place->way = lowest_bit(found);
	place->head = head_read(place->bucket, place->way);
	return true;
}

/* The entry's real, or NO_REAL if the flow is unknown, forgotten or its real not usable. */
static __always_inline __u32 flow_find(const struct flow_place *place, const struct packet *pkt,
				       const struct vip_match *match, __u64 now,
				       struct counters *count)
{
	__u32 idle = pkt->protocol == IPPROTO_UDP ? settings.udp_idle : settings.tcp_idle;
	__u32 real = head_real(place->head), silent;

	if (place->way == FLOW_WAYS)
		return NO_REAL;
	silent = head_silent(place->head, now);
	if (silent > idle >> FLOW_AGE_TICK_SHIFT)
		return NO_REAL;
	if (!real_is_usable(real, match->vip)) {
		count->flow_unusable++;
		if (match->flags & VIP_UDP_MIGRATION)
			count->udp_migrated++;
		return NO_REAL;
	}
	/* A write dirties a shared line: only what it changes is worth that. */
	if (silent || !head_carried(place->head))
		head_write(place->bucket, place->way, head_make(place->tag, real, true, now));
	count->flow_hits++;
	return real;
}

/* How readily a flow gives up its entry, 18 bits; 0: not at all. A free one first, then those that
 * never carried data, then those not in use; among equals the longest silent. */
static __always_inline __u32 head_worth(__u64 head, __u64 now)
{
	__u32 silent = head_silent(head, now), carried = head_carried(head);
	__u32 idle = sign_bit((__u64)FLOW_IN_USE - silent); /* silent > FLOW_IN_USE */

	return is_zero(head) << 17 | (carried ^ 1) << 16 | (silent & -(idle | (carried ^ 1)));
}

/* The way to put a new flow into; FLOW_WAYS if all are in use. */
static __always_inline __u32 flow_victim(const struct flow_bucket *bucket, __u64 now)
{
	__u64 best = 0;
	__u32 way;

#pragma unroll
	for (way = 0; way < FLOW_WAYS; way++) {
		__u64 each = (__u64)head_worth(head_read(bucket, way), now) << 3 | way;

		best ^= (best ^ each) & -(__u64)sign_bit(best - each); /* the larger of both */
	}
	return best >> 3 ? (__u32)best & (FLOW_WAYS - 1) : FLOW_WAYS;
}

/* seen: when the flow was last seen, now but for flow_born_silent(). */
static __always_inline void flow_remember(const struct flow_place *place,
					  const struct flow_key *key, __u32 real, __u64 now,
					  __u64 seen, struct counters *count)
{
	struct flow_bucket *bucket = place->bucket;
	struct scratch *own = scratch_get();
	__u32 way = place->way;

	if (!own)
		return;
	if (!gate_pass(&own->conn, settings.conn_rate, now)) {
		count->flow_gated++;
		return;
	}
	if (way == FLOW_WAYS)
		way = flow_victim(bucket, now);
	if (way >= FLOW_WAYS) {
		count->flow_crowded++;
		return;
	}
	/* Free while the key changes: who lists the table never sees the wrong one. */
	head_write(bucket, way, 0);
	bucket->key[way_index(way)] = *key;
	head_write(bucket, way, head_make(place->tag, real, false, seen));
	count->flow_inserts++;
}

/* A new flow that needs no entry takes over one that an older flow with its ports left behind. */
static __always_inline void flow_replace(const struct flow_place *place, __u32 real, __u64 now)
{
	if (place->way < FLOW_WAYS)
		head_write(place->bucket, place->way, head_make(place->tag, real, false, now));
}

/* Shared table, filled from outside, so without idle times. */
static __always_inline __u32 global_flow_find(const struct flow_key *key, __u16 vip,
					      struct counters *count)
{
	const struct global_flow *flow = bpf_map_lookup_elem(&global_flows, key);

	if (flow && real_is_usable(flow->real, vip)) {
		count->global_hits++;
		return flow->real;
	}
	count->global_misses++;
	return NO_REAL;
}

#endif

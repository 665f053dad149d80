/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tunnel packets to listed destinations: the inner packet goes through the balancer as a new
 * one, or back out. docs/dataplane.md section 6. */
#ifndef WEIR_DECAP_H
#define WEIR_DECAP_H

#include "echo.h"
#include "scratch.h"
#include "maps.h"
#include "packet.h"
#include "parse.h"
#include "strip.h"

#define MAX_ROUNDS 4

static __always_inline void decap_count(const struct packet *pkt, struct counters *count)
{
	bool gue = pkt->protocol == IPPROTO_UDP;

	if (pkt->family == 6) {
		if (gue)
			count->decap_gue_v6++;
		else
			count->decap_ipip_v6++;
	} else {
		if (gue)
			count->decap_gue_v4++;
		else
			count->decap_ipip_v4++;
	}
}

static __always_inline enum verdict decap_strip(struct xdp_md *ctx, struct packet *pkt,
						const struct tunnel *tunnel)
{
	switch (strip(ctx, pkt, tunnel, true)) {
	case STRIP_DONE:
		return VERDICT_GO_ON;
	case STRIP_TTL:
		return packet_drop(pkt, DROP_DECAP_TTL);
	case STRIP_ECN:
		return packet_drop(pkt, DROP_DECAP_ECN);
	case STRIP_MALFORMED:
		return packet_drop(pkt, DROP_DECAP_MALFORMED);
	default:
		return packet_drop(pkt, DROP_ENCAP_FAILED);
	}
}

static __always_inline const __u32 *decap_flags(const struct packet *pkt)
{
	struct decap_key key = {};

	memcpy(key.addr, pkt->dst, sizeof(key.addr));
	return bpf_map_lookup_elem(&decap_destinations, &key);
}

/* The inner packet starts anew in weir_lb_inner; a tail call, because the verifier would walk a
 * loop once for every round. */
static __always_inline enum verdict decap(struct xdp_md *ctx, struct packet *pkt, __u32 flags,
					  __u32 rounds, __u32 frame_bytes,
					  struct counters *count)
{
	struct cursor cur = cursor_of(ctx);
	struct tunnel tunnel = {};
	struct scratch *own;
	enum verdict verdict;

	if (rounds >= MAX_ROUNDS)
		return VERDICT_PASS;
	if (!tunnel_of(&cur, pkt, &tunnel))
		return packet_drop(pkt, DROP_DECAP_MALFORMED);
	verdict = decap_strip(ctx, pkt, &tunnel);
	if (verdict != VERDICT_GO_ON)
		return verdict;
	decap_count(pkt, count);
	if (flags & DECAP_PASS)
		return VERDICT_PASS;
	if (flags & DECAP_RETURN) {
		struct eth_header *eth;

		cur = cursor_of(ctx);
		eth = cursor_at(&cur, 0, ETH_SIZE);
		if (!eth)
			return packet_drop(pkt, DROP_ENCAP_FAILED);
		eth_turn(eth);
		if (tunnel.inner_family == 6)
			count->decap_returned_v6++;
		else
			count->decap_returned_v4++;
		return VERDICT_SEND;
	}
	if (tunnel.inner_family == 6)
		count->decap_forwarded_v6++;
	else
		count->decap_forwarded_v4++;
	own = scratch_get();
	if (!own)
		return VERDICT_PASS;
	own->frame_bytes = frame_bytes;
	own->rounds = rounds + 1;
	bpf_tail_call(ctx, &recirculation, 0);
	return VERDICT_PASS;
}

#endif

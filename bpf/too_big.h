/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ICMP "fragmentation needed" (RFC 1191) and "packet too big" (RFC 4443), made of the packet that
 * does not fit. docs/dataplane.md section 7.
 */
#ifndef WEIR_TOO_BIG_H
#define WEIR_TOO_BIG_H

#include "checksum.h"
#include "echo.h"
#include "flow.h"
#include "scratch.h"
#include "maps.h"
#include "packet.h"
#include "parse.h"

/* Bytes of the received IP packet that are quoted, as katran. */
#define QUOTE_V4 84
#define QUOTE_V6 248

struct too_big_v4 {
	struct ipv4_header ip;
	struct icmp_header icmp;
	__u8 quote[QUOTE_V4];
};

struct too_big_v6 {
	struct ipv6_header ip;
	struct icmp_header icmp;
	__u8 quote[QUOTE_V6];
};

/* Moves the Ethernet header and tags, turned around, to the new start of the frame. */
static __always_inline bool too_big_l2(const struct cursor *cur, const struct packet *pkt,
				       __u32 added)
{
	__u8 *to = cursor_at(cur, 0, ETH_SIZE + MAX_TAGS * TAG_SIZE);
	__u8 *from = cursor_at(cur, added, ETH_SIZE + MAX_TAGS * TAG_SIZE);
	__u8 mac[6];

	if (!to || !from)
		return false;
	memcpy(mac, from, 6);
	memcpy(to, from + 6, 6);
	memcpy(to + 6, mac, 6);
	memcpy(to + 12, from + 12, 2);
	if (pkt->l2 > ETH_SIZE)
		memcpy(to + ETH_SIZE, from + ETH_SIZE, TAG_SIZE);
	if (pkt->l2 > ETH_SIZE + TAG_SIZE)
		memcpy(to + ETH_SIZE + TAG_SIZE, from + ETH_SIZE + TAG_SIZE, TAG_SIZE);
	return true;
}

static __always_inline bool too_big_send_v4(struct xdp_md *ctx, const struct packet *pkt,
					    __u32 mtu)
{
	const __u32 added = IPV4_SIZE + ICMP_SIZE;
	struct too_big_v4 *reply;
	struct cursor cur;
	__be32 *word;

	if (bpf_xdp_adjust_tail(ctx, (int)(pkt->l2 + QUOTE_V4) - pkt->frame) ||
	    bpf_xdp_adjust_head(ctx, -(int)added))
		return false;
	cur = cursor_of(ctx);
	if (!too_big_l2(&cur, pkt, added))
		return false;
	reply = cursor_at(&cur, pkt->l2, sizeof(*reply));
	if (!reply)
		return false;
	word = (void *)reply;
	word[0] = 0x45 | (__u32)bpf_htons(sizeof(*reply)) << 16;
	word[1] = 0;
	word[2] = settings.ttl | IPPROTO_ICMP << 8;
	word[3] = pkt->dst[0];
	word[4] = pkt->src[0];
	reply->ip.checksum = ~sum_fold((__u64)word[0] + word[2] + word[3] + word[4]);
	word[5] = ICMP4_UNREACHABLE | ICMP4_FRAG_NEEDED << 8;
	word[6] = (__u32)bpf_htons((__u16)mtu) << 16;
	reply->icmp.checksum = ~sum_fold(
		(__u32)bpf_csum_diff(NULL, 0, &word[5], ICMP_SIZE + QUOTE_V4, 0));
	return true;
}

static __always_inline bool too_big_send_v6(struct xdp_md *ctx, const struct packet *pkt,
					    __u32 mtu)
{
	const __u32 added = IPV6_SIZE + ICMP_SIZE;
	struct too_big_v6 *reply;
	struct cursor cur;
	__be32 *word;
	__u64 sum;

	if (bpf_xdp_adjust_tail(ctx, (int)(pkt->l2 + QUOTE_V6) - pkt->frame) ||
	    bpf_xdp_adjust_head(ctx, -(int)added))
		return false;
	cur = cursor_of(ctx);
	if (!too_big_l2(&cur, pkt, added))
		return false;
	reply = cursor_at(&cur, pkt->l2, sizeof(*reply));
	if (!reply)
		return false;
	word = (void *)reply;
	word[0] = 0x60;
	word[1] = bpf_htons(ICMP_SIZE + QUOTE_V6) | PROTO_ICMPV6 << 16 |
		  (__u32)settings.ttl << 24;
	memcpy(&word[2], pkt->dst, 16);
	memcpy(&word[6], pkt->src, 16);
	word[10] = ICMP6_TOO_BIG;
	word[11] = bpf_htonl(mtu);
	sum = (__u32)bpf_csum_diff(NULL, 0, &word[10], ICMP_SIZE + QUOTE_V6, 0);
	sum = sum_address(sum_address(sum, pkt->dst), pkt->src);
	sum += bpf_htons(ICMP_SIZE + QUOTE_V6) + bpf_htons(PROTO_ICMPV6);
	reply->icmp.checksum = ~sum_fold(sum);
	return true;
}

/* A global function: few packets come here, and what it keeps on the stack counts on its own. */
__noinline __u32 too_big_send(struct xdp_md *ctx, __u32 mtu)
{
	struct scratch *own = scratch_get();

	if (!own)
		return 0;
	own->pkt.l2 &= 0x1f; /* for the verifier: a bound on what it cannot know */
	return own->pkt.family == 6 ? too_big_send_v6(ctx, &own->pkt, mtu) :
				      too_big_send_v4(ctx, &own->pkt, mtu);
}

/* Answers with ICMP, or drops: too_big off, over the rate, or itself an ICMP error. */
static __always_inline enum verdict too_big(struct xdp_md *ctx, struct packet *pkt, __u32 mtu,
					    struct counters *count)
{
	struct scratch *own;

	if (!settings.too_big || pkt->icmp ||
	    pkt->frame < pkt->l2 + (pkt->family == 6 ? QUOTE_V6 : QUOTE_V4))
		return packet_drop(pkt, DROP_TOO_BIG);
	own = scratch_get();
	if (!own || !gate_pass(&own->too_big, settings.too_big_rate, clock_ns())) {
		count->too_big_gated++;
		return packet_drop(pkt, DROP_TOO_BIG);
	}
	own->pkt = *pkt;
	if (!too_big_send(ctx, mtu))
		return packet_drop(pkt, DROP_ENCAP_FAILED);
	if (pkt->family == 6)
		count->too_big_sent_v6++;
	else
		count->too_big_sent_v4++;
	return VERDICT_SEND;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Taking an outer header off. Shared by the balancer and the decapsulator of reals. */
#ifndef WEIR_STRIP_H
#define WEIR_STRIP_H

#include "checksum.h"
#include "packet.h"

enum strip_result { STRIP_DONE, STRIP_MALFORMED, STRIP_TTL, STRIP_ECN, STRIP_FAILED };

struct tunnel {
	__u8 inner_family; /* 4 or 6 */
	__u8 outer_size; /* bytes between Ethernet and the inner IP header */
};

/* Inner family by protocol number, or for GUE variant 1 by the first nibble behind UDP. */
static __always_inline bool tunnel_of(const struct cursor *cur, const struct packet *pkt,
				      struct tunnel *tunnel)
{
	__u8 outer = pkt->family == 6 ? IPV6_SIZE : IPV4_SIZE;
	const __u8 *first;

	if (pkt->protocol == IPPROTO_IPIP || pkt->protocol == IPPROTO_IPV6) {
		tunnel->inner_family = pkt->protocol == IPPROTO_IPV6 ? 6 : 4;
		tunnel->outer_size = outer;
		return true;
	}
	first = cursor_at(cur, pkt->l4 + UDP_SIZE, 1);
	if (!first || (*first >> 4 != 4 && *first >> 4 != 6))
		return false;
	tunnel->inner_family = *first >> 4;
	tunnel->outer_size = outer + UDP_SIZE;
	return true;
}

/* RFC 6040 section 4.2: a congestion mark for a sender that does not know ECN is a drop. */
static __always_inline bool ecn_is_drop(__u8 outer_tos, __u8 inner_tos)
{
	return (outer_tos & 3) == 3 && (inner_tos & 3) == 0;
}

/* The same, figure 4: what the tunnel marked, the inner packet keeps. */
static __always_inline __u8 ecn_merge(__u8 outer_tos, __u8 inner_tos)
{
	if ((outer_tos & 3) == 3 && (inner_tos & 3) != 0)
		return inner_tos | 3;
	if ((outer_tos & 3) == 1 && (inner_tos & 3) == 2) /* ECT(1) over ECT(0) */
		return (inner_tos & ~3) | 1;
	return inner_tos;
}

/* Changes a 16-bit word under an IPv4 header checksum (RFC 1624, eqn. 3). */
static __always_inline __u16 checksum_replace(__u16 checksum, __u16 from, __u16 to)
{
	return ~sum_fold((__u64)(__u16)~checksum + (__u16)~from + to);
}

/* Merges ECN and, for a packet that travels on, takes one off TTL. */
static __always_inline enum strip_result inner_ipv4(struct ipv4_header *ip, __u8 outer_tos,
						    bool travels)
{
	enum strip_result result = ecn_is_drop(outer_tos, ip->tos) ? STRIP_ECN : STRIP_DONE;
	__u8 tos = ecn_merge(outer_tos, ip->tos);
	__u16 *word = (void *)ip;
	__u16 before;

	if (tos != ip->tos) {
		before = word[0];
		ip->tos = tos;
		ip->checksum = checksum_replace(ip->checksum, before, word[0]);
	}
	if (!travels)
		return result;
	if (!ip->ttl)
		return STRIP_TTL;
	before = word[4];
	ip->ttl--;
	ip->checksum = checksum_replace(ip->checksum, before, word[4]);
	return ip->ttl ? result : STRIP_TTL;
}

static __always_inline enum strip_result inner_ipv6(struct ipv6_header *ip, __u8 outer_tos,
						    bool travels)
{
	__u8 tos = (__u8)(ip->version_class << 4 | ip->class_label >> 4);
	__u8 merged = ecn_merge(outer_tos, tos);
	enum strip_result result = ecn_is_drop(outer_tos, tos) ? STRIP_ECN : STRIP_DONE;

	if (merged != tos) {
		ip->version_class = (ip->version_class & 0xf0) | merged >> 4;
		ip->class_label = (ip->class_label & 0x0f) | (__u8)(merged << 4);
	}
	if (!travels)
		return result;
	if (!ip->hop_limit)
		return STRIP_TTL;
	ip->hop_limit--;
	return ip->hop_limit ? result : STRIP_TTL;
}

/* Ethernet and tags as they are, EtherType of the inner family, in front of the inner packet.
 * Tags are 4 bytes: the header moves as words, from the end, since the places may overlap. */
static __always_inline bool strip_l2(const struct cursor *cur, const struct packet *pkt,
				     const struct tunnel *tunnel)
{
	__be16 proto = bpf_htons(tunnel->inner_family == 6 ? ETH_P_IPV6 : ETH_P_IP);
	__u8 *from = cursor_at(cur, 0, ETH_SIZE);
	__u8 *to = cursor_at(cur, tunnel->outer_size, ETH_SIZE);
	__be32 tags[MAX_TAGS] = {};
	__be32 *tag;
	__be16 *last;

	if (!from || !to)
		return false;
	if (pkt->l2 > ETH_SIZE) {
		tag = cursor_at(cur, ETH_SIZE, TAG_SIZE);
		if (!tag)
			return false;
		tags[0] = *tag;
	}
	if (pkt->l2 > ETH_SIZE + TAG_SIZE) {
		tag = cursor_at(cur, ETH_SIZE + TAG_SIZE, TAG_SIZE);
		if (!tag)
			return false;
		tags[1] = *tag;
	}
	memcpy(to, from, ETH_SIZE);
	last = (void *)(to + 12);
	if (pkt->l2 > ETH_SIZE) {
		tag = cursor_at(cur, tunnel->outer_size + ETH_SIZE, TAG_SIZE);
		if (!tag)
			return false;
		*tag = tags[0];
		last = (__be16 *)tag + 1;
	}
	if (pkt->l2 > ETH_SIZE + TAG_SIZE) {
		tag = cursor_at(cur, tunnel->outer_size + ETH_SIZE + TAG_SIZE, TAG_SIZE);
		if (!tag)
			return false;
		*tag = tags[1];
		last = (__be16 *)tag + 1;
	}
	*last = proto;
	return true;
}

/* travels: the inner packet is forwarded again, so TTL counts; a packet for this host keeps it. A
 * packet that will be dropped is stripped all the same, as katran does. */
static __always_inline enum strip_result strip(struct xdp_md *ctx, const struct packet *pkt,
					       const struct tunnel *tunnel, bool travels)
{
	struct cursor cur = cursor_of(ctx);
	__u32 offset = pkt->l2 + tunnel->outer_size;
	enum strip_result result;

	if (tunnel->inner_family == 6) {
		struct ipv6_header *ip = cursor_at(&cur, offset, IPV6_SIZE);

		if (!ip)
			return STRIP_MALFORMED;
		result = inner_ipv6(ip, pkt->tos, travels);
	} else {
		struct ipv4_header *ip = cursor_at(&cur, offset, IPV4_SIZE);

		if (!ip)
			return STRIP_MALFORMED;
		result = inner_ipv4(ip, pkt->tos, travels);
	}
	if (!strip_l2(&cur, pkt, tunnel) || bpf_xdp_adjust_head(ctx, tunnel->outer_size))
		return STRIP_FAILED;
	return result;
}

#endif

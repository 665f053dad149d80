/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Outer headers: IPIP and GUE variant 1, byte for byte katran's. docs/dataplane.md section 8. */
#ifndef WEIR_ENCAP_H
#define WEIR_ENCAP_H

#include "checksum.h"
#include "maps.h"
#include "packet.h"
#include "vip.h"

#define IPV4_VERSION_IHL 0x45
#define IPV6_VERSION 0x60

/* The Ethernet header and tags of the frame to be built, saved before the head moves. */
struct l2_copy {
	struct mac source __attribute__((aligned(4))); /* received destination MAC; stack words are aligned */
	__be32 tags[MAX_TAGS]; /* TCI and the EtherType behind it, as received */
	__be16 first_proto; /* EtherType in the Ethernet header */
};

static __always_inline bool l2_save(const struct cursor *cur, const struct packet *pkt,
				    struct l2_copy *l2)
{
	const struct eth_header *eth = cursor_at(cur, 0, ETH_SIZE);
	const __be32 *tag;

	if (!eth)
		return false;
	mac_copy(&l2->source, &eth->dst);
	if (pkt->l2 == ETH_SIZE)
		return true;
	l2->first_proto = eth->proto;
	tag = cursor_at(cur, ETH_SIZE, TAG_SIZE);
	if (!tag)
		return false;
	l2->tags[0] = *tag;
	if (pkt->l2 == ETH_SIZE + TAG_SIZE)
		return true;
	tag = cursor_at(cur, ETH_SIZE + TAG_SIZE, TAG_SIZE);
	if (!tag)
		return false;
	l2->tags[1] = *tag;
	return true;
}

/* Writes Ethernet header and tags; proto is that of the outer IP header. */
static __always_inline bool l2_write(const struct cursor *cur, const struct packet *pkt,
				     const struct l2_copy *l2, __be16 proto)
{
	struct eth_header *eth = cursor_at(cur, 0, ETH_SIZE);
	__be16 *last;

	if (!eth)
		return false;
	mac_copy(&eth->dst, host.gateway_mac);
	mac_copy(&eth->src, &l2->source);
	if (pkt->l2 == ETH_SIZE) {
		eth->proto = proto;
		return true;
	}
	eth->proto = l2->first_proto;
	if (pkt->l2 == ETH_SIZE + TAG_SIZE) {
		__be32 *tags = cursor_at(cur, ETH_SIZE, TAG_SIZE);

		if (!tags)
			return false;
		tags[0] = l2->tags[0];
		last = (__be16 *)tags + 1;
	} else {
		__be32 *tags = cursor_at(cur, ETH_SIZE, MAX_TAGS * TAG_SIZE);

		if (!tags)
			return false;
		tags[0] = l2->tags[0];
		tags[1] = l2->tags[1];
		last = (__be16 *)tags + 3;
	}
	*last = proto;
	return true;
}

/* The last four bytes of the client's address: the whole of an IPv4 one. */
static __always_inline __be32 source_tail(const struct packet *pkt)
{
	if (settings.compat_katran && pkt->sourceless)
		return 0;
	return pkt->family == 6 ? pkt->src[3] : pkt->src[0];
}

/* Last two bytes of the outer IPv4 source of IPIP and the UDP source of GUE over IPv4: spreads
 * flows over the receiver's queues. */
static __always_inline __u16 mix_v4(const struct packet *pkt)
{
	return (__u16)(source_tail(pkt) >> 16) ^ __builtin_bswap16(pkt->ports.src);
}

/* UDP source of GUE over IPv6; not swapped, as katran has it. */
static __always_inline __be16 mix_v6(const struct packet *pkt)
{
	__u32 tail = source_tail(pkt);

	return (__be16)(pkt->family == 6 ? tail : tail >> 16) ^ pkt->ports.src;
}

struct outer_ipv4 {
	__be32 word[5];
};

struct outer_ipv6 {
	__be32 word[10];
};

/* The sum of the words that differ from packet to packet completes the one kept with the real. */
static __always_inline void ipv4_write(struct outer_ipv4 *ip, const struct packet *pkt,
				       __be32 source, __be32 destination, __u8 protocol,
				       __u32 length, __u32 sum)
{
	__u16 checksum;

	sum += (__u32)pkt->tos << 8;
	sum += bpf_htons((__u16)length);
	checksum = ~sum_fold_words(sum);
	ip->word[0] = IPV4_VERSION_IHL | (__u32)pkt->tos << 8 | (__u32)bpf_htons((__u16)length) << 16;
	ip->word[1] = 0;
	ip->word[2] = settings.ttl | (__u32)protocol << 8 | (__u32)checksum << 16;
	ip->word[3] = source;
	ip->word[4] = destination;
}

static __always_inline void ipv6_write(struct outer_ipv6 *ip, const struct packet *pkt,
				       const __be32 source[4], const __be32 destination[4],
				       __u8 next_header, __u32 payload)
{
	ip->word[0] = IPV6_VERSION | pkt->tos >> 4 | (__u32)(pkt->tos & 0xf) << 12;
	ip->word[1] = bpf_htons((__u16)payload) | (__u32)next_header << 16 |
		      (__u32)settings.ttl << 24;
	ip->word[2] = source[0];
	ip->word[3] = source[1];
	ip->word[4] = source[2];
	ip->word[5] = source[3];
	ip->word[6] = destination[0];
	ip->word[7] = destination[1];
	ip->word[8] = destination[2];
	ip->word[9] = destination[3];
}

static __always_inline __u8 inner_protocol(const struct packet *pkt)
{
	return pkt->family == 6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
}

/*
 * Sum of the inner IP packet without reading its payload (RFC 1624): a transport checksum makes
 * the segment the complement of its pseudo header, an ICMPv4 checksum makes it zero.
 */
static __always_inline __u64 inner_sum(const struct packet *pkt, const __be32 *ip)
{
	__u64 sum = (__u64)ip[0] + ip[1];
	__u16 length;

	if (pkt->family == 6) {
		sum += (__u16)~bpf_htons(pkt->icmp ? PROTO_ICMPV6 : pkt->protocol);
		return sum + (__u16)~bpf_htons(pkt->bytes);
	}
	sum += ip[2];
	if (pkt->icmp)
		return sum + ip[3] + ip[4];
	length = pkt->bytes - IPV4_SIZE;
	sum += (__u16)~bpf_htons(pkt->protocol);
	return sum + (__u16)~bpf_htons(length);
}

#define SUM_CHUNK 64
#define SUM_CHUNKS 64

#define SUM_UNKNOWN 0xffffffffffffffffull

/*
 * Sum of the inner packet, read byte by byte: only for UDP without a checksum towards an IPv6 real.
 * SUM_UNKNOWN if the frame does not hold all that the header says, or more than 4 KiB. A global
 * function: the verifier walks the loop once, not once for every caller.
 */
__noinline __u64 sum_bytes(struct xdp_md *ctx, __u32 offset, __u32 length)
{
	struct cursor cur = cursor_of(ctx);
	__u64 sum = 0;
	__u32 i;

	if (offset > 128 || length > SUM_CHUNK * SUM_CHUNKS)
		return SUM_UNKNOWN;
	for (i = 0; i < SUM_CHUNKS && length >= SUM_CHUNK; i++) {
		__be32 *chunk = cursor_at(&cur, offset, SUM_CHUNK);

		if (!chunk)
			return SUM_UNKNOWN;
		sum += (__u32)bpf_csum_diff(NULL, 0, chunk, SUM_CHUNK, 0);
		offset += SUM_CHUNK;
		length -= SUM_CHUNK;
	}
	for (i = 0; i < SUM_CHUNK && i < length; i++) {
		__u8 *byte = cursor_at(&cur, offset + i, 1);

		if (!byte)
			return SUM_UNKNOWN;
		sum += i & 1 ? (__u32)*byte << 8 : *byte;
	}
	return sum;
}

static __always_inline void udp_write(struct udp_header *udp, __be16 source, __u32 length,
				      __u64 sum)
{
	__be16 wire = bpf_htons((__u16)length);
	__u16 checksum;

	udp->ports.src = source;
	udp->ports.dst = settings.gue_port;
	udp->length = wire;
	sum += (__u64)source + settings.gue_port + wire + wire + bpf_htons(IPPROTO_UDP);
	checksum = ~sum_fold(sum);
	udp->checksum = checksum ? checksum : 0xffff;
}

static __always_inline bool encap_ipip_v4(struct xdp_md *ctx, const struct packet *pkt,
					  const struct real *real, const struct l2_copy *l2)
{
	struct cursor cur;
	struct outer_ipv4 *ip;
	__u16 mix = mix_v4(pkt);
	__u32 sum = real->ipip_sum + mix;

	if (pkt->family == 6)
		sum += (IPPROTO_IPV6 - IPPROTO_IPIP) << 8;
	if (bpf_xdp_adjust_head(ctx, -IPV4_SIZE))
		return false;
	cur = cursor_of(ctx);
	ip = cursor_at(&cur, pkt->l2, IPV4_SIZE);
	if (!ip)
		return false;
	ipv4_write(ip, pkt, settings.ipip_source_v4 | (__u32)mix << 16, real->addr[0],
		   inner_protocol(pkt), packet_ip_bytes(pkt) + IPV4_SIZE, sum);
	return l2_write(&cur, pkt, l2, bpf_htons(ETH_P_IP));
}

static __always_inline bool encap_ipip_v6(struct xdp_md *ctx, const struct packet *pkt,
					  const struct real *real, const struct l2_copy *l2)
{
	__be32 source[4] = { settings.ipip_source_v6[0], settings.ipip_source_v6[1],
			     settings.ipip_source_v6[2], source_tail(pkt) ^ pkt->ports.src };
	struct outer_ipv6 *ip;
	struct cursor cur;

	if (bpf_xdp_adjust_head(ctx, -IPV6_SIZE))
		return false;
	cur = cursor_of(ctx);
	ip = cursor_at(&cur, pkt->l2, IPV6_SIZE);
	if (!ip)
		return false;
	ipv6_write(ip, pkt, source, real->addr, inner_protocol(pkt), packet_ip_bytes(pkt));
	return l2_write(&cur, pkt, l2, bpf_htons(ETH_P_IPV6));
}

static __always_inline bool encap_gue_v4(struct xdp_md *ctx, const struct packet *pkt,
					 const struct real *real, const struct l2_copy *l2)
{
	__u32 length = packet_ip_bytes(pkt) + UDP_SIZE;
	struct udp_header *udp;
	struct outer_ipv4 *ip;
	struct cursor cur;
	__be32 *inner;

	if (bpf_xdp_adjust_head(ctx, -(IPV4_SIZE + UDP_SIZE)))
		return false;
	cur = cursor_of(ctx);
	ip = cursor_at(&cur, pkt->l2, IPV4_SIZE + UDP_SIZE + IPV4_SIZE);
	if (!ip)
		return false;
	udp = (void *)(ip + 1);
	inner = (void *)(udp + 1);
	ipv4_write(ip, pkt, host.gue_source_v4, real->addr[0], IPPROTO_UDP, length + IPV4_SIZE,
		   real->gue_sum + (host.gue_source_v4 & 0xffff) + (host.gue_source_v4 >> 16));
	udp_write(udp, mix_v4(pkt), length,
		  inner_sum(pkt, inner) + host.gue_source_v4 + real->addr[0]);
	if (pkt->no_checksum)
		udp->checksum = 0;
	return l2_write(&cur, pkt, l2, bpf_htons(ETH_P_IP));
}

static __always_inline bool encap_gue_v6(struct xdp_md *ctx, const struct packet *pkt,
					 const struct real *real, const struct l2_copy *l2)
{
	__u32 length = packet_ip_bytes(pkt) + UDP_SIZE;
	struct udp_header *udp;
	struct outer_ipv6 *ip;
	struct cursor cur;
	__be32 *inner;
	__u64 sum = 0;

	if (pkt->no_checksum)
		sum = sum_bytes(ctx, pkt->l2, packet_ip_bytes(pkt));
	if (bpf_xdp_adjust_head(ctx, -(IPV6_SIZE + UDP_SIZE)))
		return false;
	cur = cursor_of(ctx);
	ip = cursor_at(&cur, pkt->l2, IPV6_SIZE + UDP_SIZE + IPV4_SIZE);
	if (!ip)
		return false;
	udp = (void *)(ip + 1);
	inner = (void *)(udp + 1);
	ipv6_write(ip, pkt, host.gue_source_v6, real->addr, IPPROTO_UDP, length);
	if (!pkt->no_checksum)
		sum = inner_sum(pkt, inner);
	udp_write(udp, mix_v6(pkt), length,
		  sum_address(sum_address(sum, host.gue_source_v6), real->addr));
	if (sum == SUM_UNKNOWN)
		udp->checksum = 0; /* none (RFC 6936), rather than a wrong one */
	return l2_write(&cur, pkt, l2, bpf_htons(ETH_P_IPV6));
}

static __always_inline bool encap_is_gue(const struct vip_match *match, const struct real *real)
{
	return settings.gue && (real->flags & REAL_GUE ||
				(match->flags & VIP_GUE && !(real->flags & REAL_IPIP)));
}

/* Bytes that encapsulation towards this real adds to the IP packet. */
static __always_inline __u32 encap_overhead(const struct vip_match *match, const struct real *real)
{
	return (real->flags & REAL_IPV6 ? IPV6_SIZE : IPV4_SIZE) +
	       (encap_is_gue(match, real) ? UDP_SIZE : 0);
}

static __always_inline bool encap(struct xdp_md *ctx, const struct packet *pkt,
				  const struct vip_match *match, const struct real *real)
{
	struct cursor cur = cursor_of(ctx);
	struct l2_copy l2 = {};

	if (!l2_save(&cur, pkt, &l2))
		return false;
	if (encap_is_gue(match, real))
		return real->flags & REAL_IPV6 ? encap_gue_v6(ctx, pkt, real, &l2) :
						 encap_gue_v4(ctx, pkt, real, &l2);
	return real->flags & REAL_IPV6 ? encap_ipip_v6(ctx, pkt, real, &l2) :
					 encap_ipip_v4(ctx, pkt, real, &l2);
}

#endif

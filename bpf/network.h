/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ethernet with up to two tags, IPv4, IPv6. Reads only. docs/dataplane.md section 1. */
#ifndef WEIR_NETWORK_H
#define WEIR_NETWORK_H

#include "packet.h"
#include "scratch.h"

#define IPV4_FRAGMENT 0x3fff /* more fragments, offset */

static __always_inline enum verdict packet_drop(struct packet *pkt, enum drop_reason reason)
{
	pkt->reason = reason;
	return VERDICT_DROP;
}

static __always_inline enum verdict packet_refuse(struct packet *pkt, enum drop_reason reason)
{
	pkt->reason = reason;
	return VERDICT_REFUSE;
}

static __always_inline bool is_tag(__be16 proto)
{
	return proto == bpf_htons(ETH_P_8021Q) || proto == bpf_htons(ETH_P_8021AD);
}

/* The length by way of memory, so that the verifier forgets which of three it is: it would walk all
 * that follows once for each (6.18). */
static __always_inline __u8 l2_forget(__u8 l2)
{
	struct scratch *own = scratch_get();

	if (!own)
		return l2;
	*(volatile __u32 *)&own->l2 = l2;
	return *(volatile __u32 *)&own->l2 & 0x1e;
}

/* Finds the EtherType behind up to two tags and the length of all that. */
static __always_inline enum verdict parse_ethernet(const struct cursor *cur, struct packet *pkt,
						   __be16 *proto)
{
	const struct eth_header *eth = cursor_at(cur, 0, ETH_SIZE);
	const struct vlan_tag *tag;
	__u8 l2 = ETH_SIZE;

	if (!eth)
		return packet_drop(pkt, DROP_FRAME_SHORT);
	*proto = eth->proto;
	if (is_tag(*proto)) {
		tag = cursor_at(cur, ETH_SIZE, TAG_SIZE);
		if (!tag)
			return packet_drop(pkt, DROP_FRAME_SHORT);
		*proto = tag->proto;
		l2 += TAG_SIZE;
		if (is_tag(*proto)) {
			tag = cursor_at(cur, ETH_SIZE + TAG_SIZE, TAG_SIZE);
			if (!tag)
				return packet_drop(pkt, DROP_FRAME_SHORT);
			*proto = tag->proto;
			l2 += TAG_SIZE;
		}
	}
	pkt->l2 = l2_forget(l2);
	return VERDICT_GO_ON;
}

static __always_inline enum verdict parse_ipv4(const struct cursor *cur, struct packet *pkt)
{
	const struct ipv4_header *ip = cursor_at(cur, pkt->l2, IPV4_SIZE);

	if (!ip)
		return packet_drop(pkt, DROP_IP_TRUNCATED);
	pkt->family = 4;
	pkt->src[0] = ip->src;
	pkt->dst[0] = ip->dst;
	pkt->tos = ip->tos;
	pkt->protocol = ip->protocol;
	pkt->bytes = bpf_ntohs(ip->total_length);
	pkt->l4 = pkt->l2 + IPV4_SIZE;
	if ((ip->version_ihl & 0xf) != IPV4_SIZE / 4)
		return packet_refuse(pkt, DROP_IP_OPTIONS);
	if (ip->fragment & bpf_htons(IPV4_FRAGMENT))
		return packet_refuse(pkt, DROP_FRAGMENT);
	return VERDICT_GO_ON;
}

static __always_inline enum verdict parse_ipv6(const struct cursor *cur, struct packet *pkt)
{
	const struct ipv6_header *ip = cursor_at(cur, pkt->l2, IPV6_SIZE);

	if (!ip)
		return packet_drop(pkt, DROP_IP_TRUNCATED);
	pkt->family = 6;
	memcpy(pkt->src, ip->src, sizeof(pkt->src));
	memcpy(pkt->dst, ip->dst, sizeof(pkt->dst));
	pkt->tos = (__u8)(ip->version_class << 4 | ip->class_label >> 4);
	pkt->protocol = ip->next_header;
	pkt->bytes = bpf_ntohs(ip->payload_length);
	pkt->l4 = pkt->l2 + IPV6_SIZE;
	if (ip->next_header == PROTO_IPV6_FRAGMENT)
		return packet_refuse(pkt, DROP_FRAGMENT);
	return VERDICT_GO_ON;
}

#endif

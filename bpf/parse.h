/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From frame to flow: network.h, then ICMP, TCP, UDP. Reads only; says
 * VERDICT_GO_ON when there is a TCP or UDP flow to look up. docs/dataplane.md sections 1 and 2.
 */
#ifndef WEIR_PARSE_H
#define WEIR_PARSE_H

#include "maps.h"
#include "network.h"
#include "packet.h"

#define IPV6_MIN_MTU 1280

#define ICMP4_ECHO 8
#define ICMP4_ECHO_REPLY 0
#define ICMP4_UNREACHABLE 3
#define ICMP4_FRAG_NEEDED 4
#define ICMP6_UNREACHABLE 1
#define ICMP6_TOO_BIG 2
#define ICMP6_ECHO 128
#define ICMP6_ECHO_REPLY 129

/* Ports and flags of a TCP or UDP packet. */
static __always_inline enum verdict parse_transport(const struct cursor *cur, struct packet *pkt)
{
	if (pkt->protocol == IPPROTO_TCP) {
		const struct tcp_header *tcp = cursor_at(cur, pkt->l4, TCP_SIZE);

		if (!tcp)
			return packet_refuse(pkt, DROP_L4_TRUNCATED);
		pkt->ports = tcp->ports;
		pkt->syn = tcp->flags & TCP_FLAG_SYN;
		pkt->rst = tcp->flags & TCP_FLAG_RST;
		return VERDICT_GO_ON;
	}
	if (pkt->protocol == IPPROTO_UDP) {
		const struct udp_header *udp = cursor_at(cur, pkt->l4, UDP_SIZE);

		if (!udp)
			return packet_refuse(pkt, DROP_L4_TRUNCATED);
		pkt->ports = udp->ports;
		pkt->no_checksum = !udp->checksum;
		return VERDICT_GO_ON;
	}
	return VERDICT_PASS;
}

/* Counts ICMP messages about the path MTU, whoever they are for. */
static __always_inline void count_path_mtu(const struct icmp_header *icmp, int family,
					   struct counters *count)
{
	if (family == 6) {
		if (icmp->type != ICMP6_TOO_BIG)
			return;
		count->too_big_v6++;
		if (icmp->id == 0 && bpf_ntohs(icmp->mtu) < IPV6_MIN_MTU)
			count->too_big_small_v6++;
		return;
	}
	if (icmp->code != ICMP4_FRAG_NEEDED)
		return;
	count->frag_needed_v4++;
	if (bpf_ntohs(icmp->mtu) < IPV6_MIN_MTU)
		count->frag_needed_small_v4++;
}

/* The quoted packet was sent by a real as the VIP: turned around it is the client's flow. Eight
 * bytes behind the quoted header are all that RFC 792 promises. */
static __always_inline enum verdict parse_quote(const struct cursor *cur, struct packet *pkt)
{
	__u32 quote = pkt->l4 + ICMP_SIZE;
	const struct ports *ports;
	__u32 l4;

	if (pkt->family == 6) {
		const struct ipv6_header *ip = cursor_at(cur, quote, IPV6_SIZE);

		if (!ip)
			return packet_refuse(pkt, DROP_ICMP_QUOTE);
		pkt->protocol = ip->next_header;
		l4 = quote + IPV6_SIZE;
	} else {
		const struct ipv4_header *ip = cursor_at(cur, quote, IPV4_SIZE);

		if (!ip || (ip->version_ihl & 0xf) != IPV4_SIZE / 4)
			return packet_refuse(pkt, DROP_ICMP_QUOTE);
		pkt->protocol = ip->protocol;
		l4 = quote + IPV4_SIZE;
	}
	if (pkt->protocol != IPPROTO_TCP && pkt->protocol != IPPROTO_UDP)
		return VERDICT_PASS;
	ports = cursor_at(cur, l4, 8);
	if (!ports)
		return packet_refuse(pkt, DROP_ICMP_QUOTE);
	pkt->ports.src = ports->dst;
	pkt->ports.dst = ports->src;
	pkt->icmp = true;
	if (pkt->family == 6) {
		const struct ipv6_header *ip = cursor_at(cur, quote, IPV6_SIZE);

		if (!ip)
			return VERDICT_PASS;
		memcpy(pkt->src, ip->dst, sizeof(pkt->src));
		memcpy(pkt->dst, ip->src, sizeof(pkt->dst));
	} else {
		const struct ipv4_header *ip = cursor_at(cur, quote, IPV4_SIZE);

		if (!ip)
			return VERDICT_PASS;
		pkt->src[0] = ip->dst;
		pkt->dst[0] = ip->src;
	}
	return VERDICT_GO_ON;
}

static __always_inline enum verdict parse_icmp(const struct cursor *cur, struct packet *pkt,
					       struct counters *count)
{
	const struct icmp_header *icmp = cursor_at(cur, pkt->l4, ICMP_SIZE);

	if (!icmp)
		return packet_refuse(pkt, DROP_L4_TRUNCATED);
	if (icmp->type == (pkt->family == 6 ? ICMP6_ECHO : ICMP4_ECHO))
		return settings.echo == ECHO_OFF ? VERDICT_PASS : VERDICT_ECHO;
	if (pkt->family == 6 ? icmp->type != ICMP6_UNREACHABLE && icmp->type != ICMP6_TOO_BIG :
			       icmp->type != ICMP4_UNREACHABLE)
		return VERDICT_PASS;
	pkt->icmp_code = icmp->code;
	count_path_mtu(icmp, pkt->family, count);
	return parse_quote(cur, pkt);
}

/* Tunnel packets that settings want taken off; whether the destination is listed comes later. */
static __always_inline bool is_tunnel(const struct cursor *cur, const struct packet *pkt)
{
	const struct udp_header *udp;

	if (settings.decap_ipip &&
	    (pkt->protocol == IPPROTO_IPIP || pkt->protocol == IPPROTO_IPV6))
		return true;
	if (!settings.decap_gue || pkt->protocol != IPPROTO_UDP)
		return false;
	udp = cursor_at(cur, pkt->l4, UDP_SIZE);
	return udp && udp->ports.dst == settings.gue_port;
}

static __always_inline enum verdict parse(const struct cursor *cur, struct packet *pkt,
					  struct counters *count)
{
	enum verdict verdict;
	__be16 proto;

	verdict = parse_ethernet(cur, pkt, &proto);
	if (verdict != VERDICT_GO_ON)
		return verdict;
	if (proto == bpf_htons(ETH_P_IP))
		verdict = parse_ipv4(cur, pkt);
	else if (proto == bpf_htons(ETH_P_IPV6))
		verdict = parse_ipv6(cur, pkt);
	else
		return VERDICT_PASS;
	if (verdict != VERDICT_GO_ON)
		return verdict;
	if (is_tunnel(cur, pkt))
		return VERDICT_DECAP;
	if (pkt->protocol == (pkt->family == 6 ? PROTO_ICMPV6 : IPPROTO_ICMP))
		return parse_icmp(cur, pkt, count);
	return parse_transport(cur, pkt);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * On reals: takes the balancer's outer header off and passes the inner packet up the stack, so
 * that no tunnel device is needed. Only what is addressed to this host is touched.
 */
#include "network.h"
#include "packet.h"
#include "strip.h"
#include "tcp_option.h"

const volatile struct decap_settings decap_settings = {};

/* User space writes: the host's own addresses. Program reads. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct decap_key);
	__type(value, __u8);
} decap_addresses SEC(".maps");

/* Program writes, user space reads. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct decap_counters);
} decap_counters SEC(".maps");

/* Program writes when settings.per_vip, user space reads: packets by what clients talk to. LRU,
 * because the program learns VIPs from packets and nobody bounds those. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct inner_vip);
	__type(value, struct traffic);
} decap_vips SEC(".maps");

static __always_inline bool decap_is_tunnel(const struct cursor *cur, const struct packet *pkt)
{
	const struct udp_header *udp;

	if (pkt->protocol == IPPROTO_IPIP || pkt->protocol == IPPROTO_IPV6)
		return decap_settings.ipip;
	if (!decap_settings.gue || pkt->protocol != IPPROTO_UDP)
		return false;
	udp = cursor_at(cur, pkt->l4, UDP_SIZE);
	return udp && udp->ports.dst == decap_settings.gue_port;
}

static __always_inline bool decap_is_listed(const struct packet *pkt)
{
	struct decap_key key = {};

	if (decap_settings.any_destination)
		return true;
	memcpy(key.addr, pkt->dst, sizeof(key.addr));
	return bpf_map_lookup_elem(&decap_addresses, &key);
}

static __always_inline void decap_count_vip(const struct packet *inner)
{
	struct traffic first = { .packets = 1, .bytes = inner->bytes }, *traffic;
	struct inner_vip key = {
		.port = inner->ports.dst,
		.proto = inner->protocol,
		.family = inner->family,
	};

	memcpy(key.addr, inner->dst, sizeof(key.addr));
	traffic = bpf_map_lookup_elem(&decap_vips, &key);
	if (traffic) {
		traffic->packets++;
		traffic->bytes += inner->bytes;
	} else {
		bpf_map_update_elem(&decap_vips, &key, &first, BPF_ANY);
	}
}

static __always_inline void decap_check_server_id(struct xdp_md *ctx, const struct packet *inner,
						  struct decap_counters *count)
{
	__u32 id = tcp_option_server_id(ctx, inner->l4);

	if (!id)
		return;
	count->server_id_seen++;
	if (id != decap_settings.server_id)
		count->server_id_mismatch++;
}

/* Counts what came out of the tunnel. */
static __always_inline void decap_look_inside(struct xdp_md *ctx, struct decap_counters *count)
{
	struct cursor cur = cursor_of(ctx);
	struct packet inner = {};
	const struct ports *ports;
	__be16 proto;

	if (parse_ethernet(&cur, &inner, &proto) != VERDICT_GO_ON)
		return;
	if ((proto == bpf_htons(ETH_P_IPV6) ? parse_ipv6(&cur, &inner) :
					      parse_ipv4(&cur, &inner)) != VERDICT_GO_ON)
		return;
	if (inner.protocol != IPPROTO_TCP && inner.protocol != IPPROTO_UDP)
		return;
	ports = cursor_at(&cur, inner.l4, UDP_SIZE);
	if (!ports)
		return;
	inner.ports = *ports;
	if (decap_settings.per_vip)
		decap_count_vip(&inner);
	if (decap_settings.server_id && inner.protocol == IPPROTO_TCP) {
		const struct tcp_header *tcp = cursor_at(&cur, inner.l4, TCP_SIZE);

		if (tcp && !(tcp->flags & TCP_FLAG_SYN))
			decap_check_server_id(ctx, &inner, count);
	}
}

static __always_inline void decap_count(const struct packet *pkt, struct decap_counters *count)
{
	bool gue = pkt->protocol == IPPROTO_UDP;

	if (pkt->family == 6) {
		if (gue)
			count->gue_v6++;
		else
			count->ipip_v6++;
	} else {
		if (gue)
			count->gue_v4++;
		else
			count->ipip_v4++;
	}
}

static __always_inline int decap_one(struct xdp_md *ctx, const struct packet *pkt,
				     struct decap_counters *count)
{
	struct cursor cur = cursor_of(ctx);
	struct tunnel tunnel = {};

	if (!tunnel_of(&cur, pkt, &tunnel)) {
		count->malformed++;
		return XDP_DROP;
	}
	switch (strip(ctx, pkt, &tunnel, false)) {
	case STRIP_DONE:
		break;
	case STRIP_ECN:
		count->congested++;
		return XDP_DROP;
	case STRIP_FAILED:
		count->failed++;
		return XDP_DROP;
	default:
		count->malformed++;
		return XDP_DROP;
	}
	decap_count(pkt, count);
	if (decap_settings.per_vip || decap_settings.server_id)
		decap_look_inside(ctx, count);
	return XDP_PASS;
}

SEC("xdp")
int weir_decap(struct xdp_md *ctx)
{
	struct cursor cur = cursor_of(ctx);
	struct decap_counters *count;
	enum verdict verdict;
	struct packet pkt = {};
	__u32 zero = 0;
	__be16 proto;

	count = bpf_map_lookup_elem(&decap_counters, &zero);
	if (!count)
		return XDP_PASS;
	verdict = parse_ethernet(&cur, &pkt, &proto);
	if (verdict == VERDICT_GO_ON) {
		if (proto == bpf_htons(ETH_P_IP))
			verdict = parse_ipv4(&cur, &pkt);
		else if (proto == bpf_htons(ETH_P_IPV6))
			verdict = parse_ipv6(&cur, &pkt);
		else
			verdict = VERDICT_PASS;
	}
	if (verdict == VERDICT_GO_ON && decap_is_tunnel(&cur, &pkt)) {
		if (decap_is_listed(&pkt))
			return decap_one(ctx, &pkt, count);
		count->not_listed++;
	}
	if (verdict == VERDICT_REFUSE && decap_settings.compat_katran) {
		count->refused++;
		return XDP_DROP;
	}
	count->passed++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

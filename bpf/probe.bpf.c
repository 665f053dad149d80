/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Health-check egress (tc): a checker opens a socket to the VIP with SO_MARK = m, and its packets
 * leave encapsulated to the real of mark m, the way that traffic goes. Answers return directly.
 * With tunnel devices the kernel builds the outer header (katran's way), else this program does.
 */
#include <linux/pkt_cls.h>
#include "abi.h"
#include "checksum.h"
#include "packet.h"

const volatile struct probe_settings probe_settings = {};
struct probe_host probe_host SEC(".data.probe_host") = {};

/* User space writes, program reads: SO_MARK to real. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct probe_real);
} probe_reals SEC(".maps");

/* Program writes, user space reads. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe_counters);
} probe_counters SEC(".maps");

/* User space makes the entries it wants counted, program counts: packets by checked VIP. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct inner_vip);
	__type(value, struct traffic);
} probe_vips SEC(".maps");

/* What the outer header takes over from a check packet. */
struct check {
	struct inner_vip vip;
	__u32 ip_bytes; /* as the inner header says */
};

static __always_inline struct cursor skb_cursor(const struct __sk_buff *skb)
{
	return (struct cursor){ (void *)(long)skb->data, (void *)(long)skb->data_end };
}

static __always_inline void check_ports(const struct cursor *cur, __u32 offset,
					struct check *check)
{
	const struct ports *ports;

	if (check->vip.proto != IPPROTO_TCP && check->vip.proto != IPPROTO_UDP)
		return;
	ports = cursor_at(cur, offset, sizeof(*ports));
	if (ports)
		check->vip.port = ports->dst;
}

static __always_inline bool check_parse(struct __sk_buff *skb, struct check *check)
{
	struct cursor cur = skb_cursor(skb);

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		const struct ipv4_header *ip = cursor_at(&cur, ETH_SIZE, IPV4_SIZE);

		if (!ip)
			return false;
		check->vip.family = 4;
		check->vip.proto = ip->protocol;
		check->vip.addr[0] = ip->dst;
		check->ip_bytes = bpf_ntohs(ip->total_length);
		check_ports(&cur, ETH_SIZE + IPV4_SIZE, check);
		return true;
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		const struct ipv6_header *ip = cursor_at(&cur, ETH_SIZE, IPV6_SIZE);

		if (!ip)
			return false;
		check->vip.family = 6;
		check->vip.proto = ip->next_header;
		memcpy(check->vip.addr, ip->dst, sizeof(check->vip.addr));
		check->ip_bytes = bpf_ntohs(ip->payload_length) + IPV6_SIZE;
		check_ports(&cur, ETH_SIZE + IPV6_SIZE, check);
		return true;
	}
	return false;
}

static __always_inline __u8 check_protocol(const struct check *check)
{
	return check->vip.family == 6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
}

/* Ethernet, outer IPv4 and, for GUE, UDP with checksum 0 as katran's checks have it. */
static __always_inline long check_wrap_v4(struct __sk_buff *skb, const struct check *check,
					  const struct probe_real *real)
{
	bool gue = real->flags & REAL_GUE;
	__u32 length = check->ip_bytes + IPV4_SIZE + (gue ? UDP_SIZE : 0);
	__u64 flags = BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 |
		      (gue ? BPF_F_ADJ_ROOM_ENCAP_L4_UDP : 0);
	struct {
		struct eth_header eth;
		struct ipv4_header ip;
		struct udp_header udp;
	} __attribute__((packed)) out = {
		.eth.proto = bpf_htons(ETH_P_IP),
		.ip.version_ihl = 0x45,
		.ip.total_length = bpf_htons((__u16)length),
		.ip.ttl = probe_settings.ttl,
		.ip.protocol = gue ? IPPROTO_UDP : check_protocol(check),
		.ip.src = probe_host.source_v4,
		.ip.dst = real->addr[0],
	};
	__u64 sum = 0x45 + (__u64)out.ip.total_length + out.ip.ttl + ((__u64)out.ip.protocol << 8);

	out.ip.checksum = ~sum_fold(sum + out.ip.src + out.ip.dst);
	memcpy(&out.eth.dst, probe_host.gateway_mac, 6);
	memcpy(&out.eth.src, probe_host.local_mac, 6);
	out.udp.ports.src = (__be16)bpf_get_prandom_u32() | 0x400;
	out.udp.ports.dst = probe_settings.gue_port;
	out.udp.length = bpf_htons((__u16)(length - IPV4_SIZE));
	if (bpf_skb_adjust_room(skb, IPV4_SIZE + (gue ? UDP_SIZE : 0), BPF_ADJ_ROOM_MAC, flags))
		return -1;
	return gue ? bpf_skb_store_bytes(skb, 0, &out, sizeof(out), 0) :
		     bpf_skb_store_bytes(skb, 0, &out, ETH_SIZE + IPV4_SIZE, 0);
}

static __always_inline long check_wrap_v6(struct __sk_buff *skb, const struct check *check,
					  const struct probe_real *real)
{
	bool gue = real->flags & REAL_GUE;
	__u32 length = check->ip_bytes + (gue ? UDP_SIZE : 0);
	__u64 flags = BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 |
		      (gue ? BPF_F_ADJ_ROOM_ENCAP_L4_UDP : 0);
	struct {
		struct eth_header eth;
		struct ipv6_header ip;
		struct udp_header udp;
	} __attribute__((packed)) out = {
		.eth.proto = bpf_htons(ETH_P_IPV6),
		.ip.version_class = 0x60,
		.ip.payload_length = bpf_htons((__u16)length),
		.ip.next_header = gue ? IPPROTO_UDP : check_protocol(check),
		.ip.hop_limit = probe_settings.ttl,
	};

	memcpy(out.ip.src, probe_host.source_v6, sizeof(out.ip.src));
	memcpy(out.ip.dst, real->addr, sizeof(out.ip.dst));
	memcpy(&out.eth.dst, probe_host.gateway_mac, 6);
	memcpy(&out.eth.src, probe_host.local_mac, 6);
	out.udp.ports.src = (__be16)bpf_get_prandom_u32() | 0x400;
	out.udp.ports.dst = probe_settings.gue_port;
	out.udp.length = bpf_htons((__u16)length);
	if (bpf_skb_adjust_room(skb, IPV6_SIZE + (gue ? UDP_SIZE : 0), BPF_ADJ_ROOM_MAC, flags))
		return -1;
	return gue ? bpf_skb_store_bytes(skb, 0, &out, sizeof(out), 0) :
		     bpf_skb_store_bytes(skb, 0, &out, ETH_SIZE + IPV6_SIZE, 0);
}

/* Through a tunnel device: it takes the outer addresses from the key. Without the local address at
 * the end of the struct, which came with 6.0: older kernels take no key longer than theirs. */
static __always_inline long check_tunnel(struct __sk_buff *skb, const struct probe_real *real)
{
	struct bpf_tunnel_key key = { .tunnel_ttl = probe_settings.ttl };

	if (real->flags & REAL_IPV6)
		memcpy(key.remote_ipv6, real->addr, sizeof(key.remote_ipv6));
	else
		key.remote_ipv4 = bpf_ntohl(real->addr[0]); /* the helper wants host order */
	return bpf_skb_set_tunnel_key(skb, &key, offsetof(struct bpf_tunnel_key, local_ipv4),
				      real->flags & REAL_IPV6 ? BPF_F_TUNINFO_IPV6 : 0);
}

static __always_inline void check_count(const struct check *check)
{
	struct traffic *traffic = bpf_map_lookup_elem(&probe_vips, &check->vip);

	if (!traffic)
		return;
	traffic->packets++;
	traffic->bytes += check->ip_bytes;
}

SEC("tc")
int weir_probe(struct __sk_buff *skb)
{
	__u32 zero = 0, mark = skb->mark, tunnel;
	struct probe_counters *count;
	const struct probe_real *real;
	struct check check = {};

	count = bpf_map_lookup_elem(&probe_counters, &zero);
	if (!count)
		return TC_ACT_UNSPEC;
	real = mark ? bpf_map_lookup_elem(&probe_reals, &mark) : NULL;
	if (!real) {
		count->skipped++;
		return TC_ACT_UNSPEC;
	}
	if (probe_settings.max_packet && skb->len > probe_settings.max_packet) {
		count->too_big++;
		return TC_ACT_SHOT;
	}
	if (!check_parse(skb, &check)) {
		count->failed++;
		return TC_ACT_SHOT;
	}
	tunnel = real->flags & REAL_IPV6 ? probe_host.tunnel_v6 : probe_host.tunnel_v4;
	if (tunnel ? check_tunnel(skb, real) :
	    real->flags & REAL_IPV6 ? check_wrap_v6(skb, &check, real) :
				      check_wrap_v4(skb, &check, real)) {
		count->failed++;
		return TC_ACT_SHOT;
	}
	skb->mark = 0; /* or it would be taken again on the way out */
	count->sent++;
	check_count(&check);
	return bpf_redirect(tunnel ? tunnel : probe_host.ifindex, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

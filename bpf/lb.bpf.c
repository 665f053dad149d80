/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The load balancer. parse -> vip -> pick -> act -> count: everything up to `act` only reads the
 * packet. docs/dataplane.md tells the same in words, core/packet in TypeScript.
 */
#include "decap.h"
#include "echo.h"
#include "encap.h"
#include "scratch.h"
#include "maps.h"
#include "packet.h"
#include "parse.h"
#include "pick.h"
#include "too_big.h"
#include "vip.h"

/* Parsing said "drop if it is for a VIP", "answer if it is for a VIP". */
static __always_inline enum verdict settle_by_address(const struct packet *pkt,
						      enum verdict verdict)
{
	if (verdict == VERDICT_REFUSE) {
		if (settings.compat_katran)
			return VERDICT_DROP;
	} else if (verdict != VERDICT_ECHO || settings.echo != ECHO_VIP) {
		return verdict;
	}
	if (!vip_has_address(pkt->dst, pkt->family))
		return VERDICT_PASS;
	return verdict == VERDICT_REFUSE ? VERDICT_DROP : VERDICT_ECHO;
}

/* Largest IP packet that can go to this real. */
static __always_inline __u32 real_mtu(const struct vip_match *match, const struct real *real)
{
	__u32 mtu = settings.max_frame - ETH_SIZE;

	if (settings.path_mtu) {
		__u32 path = settings.path_mtu - encap_overhead(match, real);

		if (path < mtu)
			mtu = path;
	}
	return mtu;
}

static __always_inline void count_traffic(struct vip_traffic *vip, __u32 real,
					  const struct packet *pkt)
{
	struct traffic *traffic = bpf_map_lookup_elem(&real_counters, &real);

	if (vip) {
		vip->packets++;
		vip->bytes += pkt->bytes;
		if (pkt->syn)
			vip->new_flows++;
	}
	if (traffic) {
		traffic->packets++;
		traffic->bytes += pkt->bytes;
	}
}

/* A TCP or UDP flow: to its real if it is for a VIP. */
static __always_inline enum verdict balance(struct xdp_md *ctx, struct packet *pkt,
					    struct counters *count)
{
	struct vip_match match = {};
	struct vip_traffic *vip;
	const struct real *real;
	enum verdict verdict;
	__u32 index, mtu;

	if (!vip_find(pkt, &match))
		return VERDICT_PASS;
	index = match.vip;
	vip = bpf_map_lookup_elem(&vip_counters, &index);
	verdict = pick(ctx, pkt, &match, count, &index);
	if (verdict != VERDICT_GO_ON)
		return verdict;
	real = bpf_map_lookup_elem(&reals, &index);
	if (!real || !(real->flags & REAL_ACTIVE))
		return packet_drop(pkt, DROP_REAL_UNSET);
	mtu = real_mtu(&match, real);
	if ((__u32)pkt->frame - pkt->l2 > mtu) {
		event_emit(ctx, pkt, EVENT_TOO_BIG, count);
		return too_big(ctx, pkt, mtu, count);
	}
	count_traffic(vip, index, pkt);
	if (settings.local && match.flags & VIP_LOCAL && real->flags & REAL_LOCAL) {
		count->local_delivered++;
		return VERDICT_PASS;
	}
	if (!encap(ctx, pkt, &match, real))
		return packet_drop(pkt, DROP_ENCAP_FAILED);
	if (pkt->icmp) {
		if (pkt->family == 6)
			count->icmp_error_v6++;
		else
			count->icmp_error_v4++;
	}
	return VERDICT_SEND;
}

static __always_inline int finish(const struct packet *pkt, enum verdict verdict, __u32 bytes,
				  struct counters *count)
{
	struct traffic *traffic;
	int action;

	if (verdict == VERDICT_SEND) {
		traffic = &count->sent;
		action = XDP_TX;
	} else if (verdict == VERDICT_DROP) {
		traffic = &count->dropped;
		action = XDP_DROP;
		if (pkt->reason < DROP_REASONS)
			count->drops[pkt->reason]++;
	} else {
		traffic = &count->passed;
		action = XDP_PASS;
	}
	traffic->packets++;
	traffic->bytes += bytes;
	return action;
}

static __always_inline __u16 frame_length(const struct cursor *cur)
{
	__u32 length = cur->end - cur->data;

	return length > 0xffff ? 0xffff : (__u16)length;
}

/*
 * Nearly all packets: TCP or UDP straight behind Ethernet. The same steps as in run_any, but with
 * family and offsets known to the compiler, which saves a third of the time. Anything else is
 * VERDICT_GO_ON: nothing has been done to the packet or counted.
 */
static __always_inline enum verdict run_plain(struct xdp_md *ctx, const struct cursor *cur,
					      struct packet *pkt, int family,
					      struct counters *count)
{
	enum verdict verdict;

	pkt->l2 = ETH_SIZE;
	verdict = family == 6 ? parse_ipv6(cur, pkt) : parse_ipv4(cur, pkt);
	if (verdict != VERDICT_GO_ON || is_tunnel(cur, pkt))
		return VERDICT_GO_ON;
	if (parse_transport(cur, pkt) != VERDICT_GO_ON)
		return VERDICT_GO_ON;
	return balance(ctx, pkt, count);
}

/* rounds: tunnels already taken off; frame_bytes: as received, 0 for a packet from the wire. */
static __always_inline int run_any(struct xdp_md *ctx, const struct cursor *at, __u32 rounds,
				   __u32 frame_bytes, struct counters *count)
{
	struct packet pkt = { .frame = frame_length(at) };
	struct cursor cur = *at;
	enum verdict verdict;

	verdict = settle_by_address(&pkt, parse(&cur, &pkt, count));
	if (verdict == VERDICT_DECAP) {
		const __u32 *flags = decap_flags(&pkt);

		if (flags && rounds < MAX_ROUNDS)
			count->decap_listed++;
		if (flags || settings.decap_any)
			verdict = decap(ctx, &pkt, flags ? *flags : DECAP_PASS, rounds, frame_bytes,
					count);
		else
			verdict = pkt.protocol == IPPROTO_UDP ? parse_transport(&cur, &pkt) :
								VERDICT_PASS;
	}
	if (verdict == VERDICT_ECHO)
		verdict = echo(&cur, &pkt, count) ? VERDICT_SEND : VERDICT_PASS;
	if (verdict == VERDICT_GO_ON)
		verdict = balance(ctx, &pkt, count);
	return finish(&pkt, verdict, frame_bytes, count);
}

static __always_inline int run(struct xdp_md *ctx, __u32 rounds, __u32 frame_bytes)
{
	struct cursor cur = cursor_of(ctx);
	const struct eth_header *eth = cursor_at(&cur, 0, ETH_SIZE);
	struct counters *count = counters_get();

	if (!count)
		return XDP_PASS;
	if (!frame_bytes)
		frame_bytes = cur.end - cur.data;
	if (eth && eth->proto == bpf_htons(ETH_P_IP)) {
		struct packet pkt = { .frame = frame_length(&cur) };
		enum verdict verdict = run_plain(ctx, &cur, &pkt, 4, count);

		if (verdict != VERDICT_GO_ON)
			return finish(&pkt, verdict, frame_bytes, count);
	} else if (eth && eth->proto == bpf_htons(ETH_P_IPV6)) {
		struct packet pkt = { .frame = frame_length(&cur) };
		enum verdict verdict = run_plain(ctx, &cur, &pkt, 6, count);

		if (verdict != VERDICT_GO_ON)
			return finish(&pkt, verdict, frame_bytes, count);
	}
	return run_any(ctx, &cur, rounds, frame_bytes, count);
}

SEC("xdp")
int weir_lb(struct xdp_md *ctx)
{
	return run(ctx, 0, 0);
}

/* Entered by tail call from itself or weir_lb, with a tunnel taken off. */
SEC("xdp")
int weir_lb_inner(struct xdp_md *ctx)
{
	struct scratch *own = scratch_get();

	if (!own)
		return XDP_PASS;
	return run(ctx, own->rounds, own->frame_bytes);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

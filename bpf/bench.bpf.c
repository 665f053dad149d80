/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Drives a program under test: BPF_PROG_TEST_RUN repeats a program on one buffer and restores
 * nothing, so what is repeated is this. It undoes what the packet before went through, writes the
 * next flow's packet and calls the target. With null_tx as target it measures itself.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "bench.h"

/* Where a tunnel packet over IPv4 has its destination. */
#define OUTER_DESTINATION 30
#define OFFSET_MASK 0x7f
#define FIRST_PORT 1024
#define PORT_MASK 0x7fff

/* User space writes before a run, the driver counts on in it. */
struct bench_state state SEC(".data.bench") = {};

/* User space writes: packets by the low bits of the flow. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BENCH_TEMPLATES);
	__type(key, __u32);
	__type(value, struct bench_template);
} templates SEC(".maps");

/* User space writes: slot 0 is the program under test. The key is constant, so that the JIT makes
 * it a direct jump. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} targets SEC(".maps");

/* bench_audit writes, user space reads: by flow, the outer destination that it got. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BENCH_SEEN);
	__type(key, __u32);
	__type(value, __be32);
} seen SEC(".maps");

/* A linear congruential generator modulo 2^32 (Press et al., Numerical Recipes, 7.1). Its low bits
 * repeat soon, so the high 24 name the flow. */
static __always_inline __u32 flow_next(void)
{
	__u32 number = state.packets++;

	if (!state.ascending) {
		state.random = state.random * 1664525 + 1013904223;
		number = state.random >> 8;
	}
	return number & state.flows;
}

/* Whatever the target did to both ends. Pointers go through memory, where they become numbers: the
 * verifier lets no pointer be subtracted from what another packet left. */
static __always_inline bool frame_restore(struct xdp_md *ctx, const struct bench_template *template)
{
	int length;

	*(volatile __u64 *)&state.now = ctx->data;
	if (!state.start)
		state.start = *(volatile __u64 *)&state.now;
	if (bpf_xdp_adjust_head(ctx, (int)(state.start - *(volatile __u64 *)&state.now)))
		return false;
	length = (int)((long)ctx->data_end - (long)ctx->data);
	return !bpf_xdp_adjust_tail(ctx, template->length - length);
}

static __always_inline bool frame_write(struct xdp_md *ctx, const struct bench_template *template,
					__u32 flow)
{
	void *frame = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__be32 *client = frame + (template->client & OFFSET_MASK);
	__be16 *port = frame + (template->port & OFFSET_MASK);
	const __u64 *from = (const void *)template->head;
	__u64 *to = frame;
	int i;

	if (frame + BENCH_HEAD > end)
		return false;
#pragma unroll
	for (i = 0; i < BENCH_HEAD / 8; i++)
		to[i] = from[i];
	if ((void *)(client + 1) > end || (void *)(port + 1) > end)
		return false;
	*client = bpf_htonl(bpf_ntohl(*client) + flow);
	*port = bpf_htons(FIRST_PORT + (flow & PORT_MASK));
	return true;
}

static __always_inline int drive(struct xdp_md *ctx)
{
	__u32 number = flow_next(), flow = state.first + number, index = flow & state.templates;
	const struct bench_template *template = bpf_map_lookup_elem(&templates, &index);

	state.flow = number;
	if (!template || !frame_restore(ctx, template) || !frame_write(ctx, template, flow)) {
		state.failed++;
		return XDP_ABORTED;
	}
	/* Its fence lets no work of the driver overlap with that of the target. */
	bpf_ktime_get_ns();
	bpf_tail_call(ctx, &targets, 0);
	state.failed++;
	return XDP_ABORTED;
}

SEC("xdp")
int bench_drive(struct xdp_md *ctx)
{
	return drive(ctx);
}

/* Keeps where the packet before went: the frame still is as the target left it. */
SEC("xdp")
int bench_audit(struct xdp_md *ctx)
{
	void *frame = (void *)(long)ctx->data;
	__u32 flow = state.flow;
	__be32 *destination;

	if (state.packets && frame + OUTER_DESTINATION + 4 <= (void *)(long)ctx->data_end) {
		destination = bpf_map_lookup_elem(&seen, &flow);
		if (destination)
			*destination = *(__be32 *)(frame + OUTER_DESTINATION);
	}
	return drive(ctx);
}

SEC("xdp")
int null_tx(struct xdp_md *ctx)
{
	return XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lets every packet pass: a veth delivers what its peer sends by XDP_TX only if it has a program of
 * its own. Demo and tests put this one there. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int weir_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

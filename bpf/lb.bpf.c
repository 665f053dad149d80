/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "maps.h"

SEC("xdp")
int weir_lb(struct xdp_md *ctx)
{
	__u32 zero = 0;
	void *t = bpf_map_lookup_elem(&vip_tables, &zero);
	if (t) {
		struct vip_bucket *b = bpf_map_lookup_elem(t, &zero);
		if (b && b->entry[0].vip == 5) return XDP_DROP;
	}
	t = bpf_map_lookup_elem(&rings, &zero);
	if (t) {
		struct ring *b = bpf_map_lookup_elem(t, &zero);
		if (b && b->changed_at == 5) return XDP_DROP;
	}
	return settings.abi_version == WEIR_ABI_VERSION ? host.any_port_vips ? XDP_TX : XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

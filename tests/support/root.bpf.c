/* A root program as katran's: tries the slots of its array in order, passes when all are empty. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u32);
} root_array SEC(".maps");

SEC("xdp")
int root(struct xdp_md *ctx)
{
	bpf_tail_call_static(ctx, &root_array, 0);
	bpf_tail_call_static(ctx, &root_array, 1);
	bpf_tail_call_static(ctx, &root_array, 2);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

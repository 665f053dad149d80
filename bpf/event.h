/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Introspection events: the first bytes of packets that an operator may want to see. */
#ifndef WEIR_EVENT_H
#define WEIR_EVENT_H

#include "maps.h"
#include "packet.h"

static __always_inline void event_emit(struct xdp_md *ctx, const struct packet *pkt,
				       enum event_kind kind, struct counters *count)
{
	struct event event = { .kind = kind, .frame_bytes = pkt->frame };

	if (!settings.events || !host.events_on)
		return;
	event.captured = pkt->frame < EVENT_CAPTURE ? pkt->frame : EVENT_CAPTURE;
	if (bpf_perf_event_output(ctx, &events,
				  BPF_F_CURRENT_CPU | (__u64)event.captured << 32, &event,
				  sizeof(event)))
		count->events_lost++;
}

#endif

import assert from "node:assert/strict";
import { summarizeLog } from "./verifier_log.ts";

const LOG = [
  "prog 'weir_lb': BPF program load failed: Permission denied",
  "prog 'weir_lb': -- BEGIN PROG LOAD LOG --",
  "0: R1=ctx() R10=fp0",
  "; return *(int *)data;",
  "1: (61) r0 = *(u32 *)(r2 +0)",
  "invalid access to packet, off=0 size=4, R2(id=0,off=0,r=0)",
  "R2 offset is outside of the packet",
  "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0",
  "-- END PROG LOAD LOG --",
  "prog 'weir_lb': failed to load: -13",
  "failed to load object 'lb'",
];

Deno.test("summarizeLog() gives the line before the statistics", () => {
  assert.deepEqual(summarizeLog(LOG), { line: "R2 offset is outside of the packet", omitted: 10 });
});

Deno.test("summarizeLog() takes the last line where there is no verifier log", () => {
  assert.deepEqual(summarizeLog(["map 'reals': failed to create: Operation not permitted(-1)"]), {
    line: "map 'reals': failed to create: Operation not permitted(-1)",
    omitted: 0,
  });
});

Deno.test("summarizeLog() of nothing is empty", () => {
  assert.deepEqual(summarizeLog([]), { line: "", omitted: 0 });
});

Deno.test("summarizeLog() stops where 7.3 begins to explain", () => {
  const log = [
    "-- BEGIN PROG LOAD LOG --",
    "R1 min value is outside of the allowed memory range",
    "",
    "Verification failed: Memory Safety: Access outside bounds",
    "",
    "Suggestion:",
    "  Add or adjust a bounds check that proves offset + access_size stays within the object.",
    "",
    "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0",
    "-- END PROG LOAD LOG --",
  ];
  assert.equal(summarizeLog(log).line, "R1 min value is outside of the allowed memory range");
});

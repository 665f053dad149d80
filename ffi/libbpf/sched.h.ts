/**
 * <sched.h>: where a thread runs and who may interrupt it. They return -1 and set errno.
 *
 * @module
 */
export const sched = {
  sched_getaffinity: {
    parameters: [
      "i32", // pid_t pid
      "usize", // size_t cpusetsize
      "buffer", // cpu_set_t *cpuset
    ],
    result: "i32", // int
  },
  sched_setaffinity: {
    parameters: [
      "i32", // pid_t pid
      "usize", // size_t cpusetsize
      "buffer", // const cpu_set_t *cpuset
    ],
    result: "i32", // int
  },
  sched_getscheduler: {
    parameters: [
      "i32", // pid_t pid
    ],
    result: "i32", // int
  },
  sched_getparam: {
    parameters: [
      "i32", // pid_t pid
      "buffer", // struct sched_param *param
    ],
    result: "i32", // int
  },
  sched_setscheduler: {
    parameters: [
      "i32", // pid_t pid
      "i32", // int policy
      "buffer", // const struct sched_param *param
    ],
    result: "i32", // int
  },
} as const satisfies Deno.ForeignLibraryInterface;

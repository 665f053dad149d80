/**
 * The few functions of the C library that Deno has no own way for. They return -1 and set errno.
 *
 * @module
 */
export const libc = {
  // <errno.h>
  __errno_location: {
    parameters: [],
    result: "pointer", // int *
  },
  // <stdio.h>
  vsnprintf: {
    parameters: [
      "buffer", // char *s
      "usize", // size_t maxlen
      "pointer", // const char *format
      "pointer", // va_list arg
    ],
    result: "i32", // int
  },
  // <unistd.h>
  close: {
    parameters: [
      "i32", // int fd
    ],
    result: "i32", // int
  },
  // <time.h>
  clock_gettime: {
    parameters: [
      "i32", // clockid_t clock_id
      "buffer", // struct timespec *tp
    ],
    result: "i32", // int
  },
  // <net/if.h>
  if_nametoindex: {
    parameters: [
      "buffer", // const char *ifname
    ],
    result: "u32", // unsigned int
  },
  if_indextoname: {
    parameters: [
      "u32", // unsigned int ifindex
      "buffer", // char *ifname
    ],
    result: "pointer", // char *
  },
  // <sys/mman.h>
  mmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t len
      "i32", // int prot
      "i32", // int flags
      "i32", // int fd
      "i64", // __off_t offset
    ],
    result: "pointer", // void *
  },
  munmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t len
    ],
    result: "i32", // int
  },
  // <sys/mount.h>
  mount: {
    parameters: [
      "buffer", // const char *special_file
      "buffer", // const char *dir
      "buffer", // const char *fstype
      "u64", // unsigned long int rwflag
      "buffer", // const void *data
    ],
    result: "i32", // int
  },
  umount2: {
    parameters: [
      "buffer", // const char *special_file
      "i32", // int flags
    ],
    result: "i32", // int
  },
  // <sys/socket.h>
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
    ],
    result: "i32", // int
  },
  sendto: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *buf
      "usize", // size_t n
      "i32", // int flags
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addr_len
    ],
    result: "isize", // ssize_t
  },
} as const satisfies Deno.ForeignLibraryInterface;

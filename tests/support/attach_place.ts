import assert from "node:assert/strict";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { EchoMode } from "../../ffi/abi.gen.ts";
import type { AttachOptions } from "../../ffi/attach.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import { interfaceIndex } from "../../ffi/interfaces.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { bpfObject } from "./bpf_objects.ts";
import { TempBpffs } from "./bpffs.ts";
import { VethPair } from "./veth.ts";

/** An interface and a bpffs to attach in. */
export class AttachPlace implements Disposable {
  readonly bpffs: TempBpffs;
  readonly veth: VethPair;
  readonly #object: Uint8Array;
  readonly #open: DisposableStack;

  private constructor(object: Uint8Array, mtu: number) {
    using open = new DisposableStack();
    this.#object = object;
    this.bpffs = open.use(new TempBpffs());
    this.veth = open.use(new VethPair(mtu));
    this.#open = open.move();
  }

  /** @param mtu of the interface */
  static async create(mtu = 1500): Promise<AttachPlace> {
    return new AttachPlace(await bpfObject("lb"), mtu);
  }

  /** Options to attach with, but for what changes. */
  options(change: Partial<AttachOptions> = {}): AttachOptions {
    return {
      balancer: "main",
      ifname: this.veth.name,
      mode: "auto",
      version: "9.8.7",
      bpffs: this.bpffs.path,
      object: this.#object,
      settings: defaultSettings({ conn_rate: 77, echo: EchoMode.ECHO_ANY }),
      capacity: { maxVips: 16, maxReals: 64, maxFlows: 1024 },
      host: {
        gateway_mac: parseMac("02:00:00:00:00:01") ?? assert.fail(),
        gue_source_v4: new Uint8Array(4),
        gue_source_v6: new Uint8Array(16),
      },
      ...change,
    };
  }

  /** Names of the programs on the interface. */
  programs(): readonly string[] {
    return queryXdp(interfaceIndex(this.veth.name)).map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

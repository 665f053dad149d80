import assert from "node:assert/strict";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { attachBalancer, detachBalancer } from "../../ffi/attach.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { Pins } from "../../ffi/pins.ts";
import { previousProgram, rollbackBalancer } from "../../ffi/rollback.ts";
import { upgradeBalancer } from "../../ffi/upgrade.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { TempBpffs } from "../support/bpffs.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

/** A balancer of version 1.0.0 with `conn_rate` 77, on an interface of its own. */
class Place implements Disposable {
  readonly path: string;
  readonly ifindex: number;
  readonly #object: Uint8Array;
  readonly #open: DisposableStack;

  private constructor(object: Uint8Array) {
    using open = new DisposableStack();
    this.path = open.use(new TempBpffs()).path;
    const ifname = open.use(new VethPair()).name;
    this.#object = object;
    const { ifindex } = attachBalancer({
      ...{ balancer: "main", ifname, mode: "auto", version: "1.0.0", bpffs: this.path, object },
      settings: defaultSettings({ conn_rate: 77 }),
      capacity: { maxVips: 16, maxReals: 64, maxFlows: 1024 },
      host: {
        gateway_mac: parseMac("02:00:00:00:00:01") ?? assert.fail(),
        gue_source_v4: new Uint8Array(4),
        gue_source_v6: new Uint8Array(16),
      },
    });
    this.ifindex = ifindex;
    this.#open = open.move();
  }

  static async create(): Promise<Place> {
    return new Place(await bpfObject("lb"));
  }

  upgrade(version: string, conn_rate: number): void {
    const settings = { conn_rate };
    upgradeBalancer({
      ...{ balancer: "main", object: this.#object, settings, version, bpffs: this.path },
    });
  }

  rollback(): void {
    rollbackBalancer("main", this.path);
  }

  /** Version and `conn_rate` of the program that is attached, and its number. */
  now(): readonly [string, number, number] {
    using dataplane = KernelDataplane.open("main", this.path);
    using program = new Pins("main", this.path).openProgram();
    const { id } = program.info();
    assert.deepEqual(queryXdp(this.ifindex).map((attached) => attached.id), [id]);
    const { info, settings } = dataplane.maps;
    return [info.get().version, settings.conn_rate, id];
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

rootTest("rollbackBalancer() goes back to the very program before, and forward again", async () => {
  using place = await Place.create();
  const first = place.now();
  assert.equal(previousProgram("main", place.path), null);
  assert.throws(() => place.rollback(), /its program was never replaced/);
  place.upgrade("2.0.0", 78);
  const second = place.now();
  assert.deepEqual(second.slice(0, 2), ["2.0.0", 78]);
  assert.equal(previousProgram("main", place.path)?.version, "1.0.0");
  place.rollback();
  assert.deepEqual(place.now(), first);
  place.rollback();
  assert.deepEqual(place.now(), second);
  place.upgrade("3.0.0", 79);
  place.rollback();
  assert.deepEqual(place.now(), second);
  detachBalancer("main", place.path);
  assert.throws(() => Deno.statSync(`${place.path}/weir`), Deno.errors.NotFound);
});

rootTest("rollbackBalancer() keeps what upgrades and rollbacks never touch: the maps", async () => {
  using place = await Place.create();
  using dataplane = KernelDataplane.open("main", place.path);
  place.upgrade("2.0.0", 78);
  dataplane.write({ op: "sequence", sequence: 42 });
  place.rollback();
  using now = KernelDataplane.open("main", place.path);
  assert.equal(now.readState().sequence, 42);
});

rootTest("an upgrade that was killed before its pins were in place is finished later", async () => {
  using place = await Place.create();
  place.upgrade("2.0.0", 78);
  const second = place.now();
  const pins = new Pins("main", place.path);
  {
    // As if killed: the previous program is attached, its parts still stand beside.
    using program = pins.previousAsNext();
    using link = pins.openLink();
    link.update(program);
  }
  assert.equal(previousProgram("main", place.path)?.version, "2.0.0");
  place.rollback();
  assert.deepEqual(place.now(), second);
});

rootTest(
  "an upgrade that was killed before it was attached leaves the program and its past",
  async () => {
    using place = await Place.create();
    const first = place.now();
    place.upgrade("2.0.0", 78);
    const second = place.now();
    {
      using _beside = new Pins("main", place.path).previousAsNext();
    }
    assert.deepEqual(place.now(), second);
    place.rollback();
    assert.deepEqual(place.now(), first);
  },
);

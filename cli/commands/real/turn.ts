import type { Address } from "../../../core/addr/types.ts";
import { type Edit, setReal } from "../../../core/plan/edit.ts";
import { PlanError } from "../../../core/plan/plan_error.ts";
import type { MemberState, Protocol, VipKey } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import type { Command } from "../../command.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";

/** Verbs that change the state of a real in a VIP. */
export type Turn = "drain" | "undrain" | "down" | "up";

const STATES: Readonly<Record<Turn, MemberState>> = {
  drain: "drained",
  undrain: "up",
  down: "down",
  up: "up",
};

/**
 * `weir real drain|undrain|down|up <protocol> <endpoint> <address>`
 *
 * @param verb which of them
 */
export function turnCommand(
  verb: Turn,
): Command<CommonFlags, readonly [Protocol, VipEndpoint, Address]> {
  return (host, flags, protocol, endpoint, address) => {
    const key = vipKey(protocol, endpoint);
    const command = `real ${verb} ${vipKeyText(key)} ${address.text}`;
    return editBalancer(host, flags, command, turnReal(verb, key, address));
  };
}

/**
 * The change of a verb.
 *
 * @param verb which of them
 * @param key the VIP
 * @param address the real
 */
export function turnReal(verb: Turn, key: VipKey, address: Address): Edit {
  const set = setReal(key, address, { state: STATES[verb] });
  if (verb !== "undrain") return set;
  return (desired) => {
    const text = vipKeyText(key);
    const member = desired.vips.find((vip) => vipKeyText(vip.config) === text)
      ?.members.find(({ real }) => real.address.text === address.text);
    // A real that is down must not come back because somebody ended its drain.
    if (member?.state !== "down") return set(desired);
    throw new PlanError(
      `Cannot undrain real "${address.text}" of VIP "${text}": it is down`,
      `bring it back with: weir real up ${text} ${address.text}`,
    );
  };
}

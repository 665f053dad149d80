/** Types of a BPF object as `bpftool -j btf dump` prints them; only what a C header can hold. */
interface BtfType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly type_id?: number;
  readonly nr_elems?: number;
  readonly nr_bits?: number;
  readonly encoding?: string;
  readonly members?: readonly BtfMember[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
}

interface BtfMember {
  readonly name: string;
  readonly type_id: number;
  readonly bits_offset: number;
}

/** A field of a struct, its type reduced to what a codec can do. */
export interface CField {
  readonly name: string;
  readonly offset: number;
  /** An integer, `bytes`, `text`, `pad`, or `struct NAME`. */
  readonly type: string;
  readonly count: number | null;
}

/** A struct of C. */
export interface CStruct {
  readonly name: string;
  readonly size: number;
  readonly fields: readonly CField[];
}

/** An enum of C. */
export interface CEnum {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly value: number }[];
}

/** Names of fields that only fill gaps. */
const PAD = /^pad\d*$/;

/** The types of one compiled object. */
export class Btf {
  readonly #types: ReadonlyMap<number, BtfType>;

  private constructor(types: readonly BtfType[]) {
    this.#types = new Map(types.map((type) => [type.id, type]));
  }

  /**
   * Reads an object's types with bpftool.
   *
   * @param path The object.
   * @returns Its types.
   * @throws {Error} When bpftool is missing or fails.
   */
  static async read(path: string): Promise<Btf> {
    const command = new Deno.Command("bpftool", { args: ["-j", "btf", "dump", "file", path] });
    const { success, stdout, stderr } = await command.output().catch((cause) => {
      throw new Error(`Cannot run bpftool, install it with "apt-get install bpftool"`, { cause });
    });
    if (!success) {
      throw new Error(`Cannot read BTF of "${path}": ${new TextDecoder().decode(stderr)}`);
    }
    return new Btf(JSON.parse(new TextDecoder().decode(stdout)).types);
  }

  /**
   * A struct with every field.
   *
   * @param name Name in C.
   * @returns Its layout.
   * @throws {Error} When the object has no complete struct of this name.
   */
  struct(name: string): CStruct {
    const { size, members } = this.#find("STRUCT", name);
    return {
      name,
      size: size ?? 0,
      fields: (members ?? []).map((member) => this.#field(member, member.name, 0)),
    };
  }

  /**
   * A struct cut to some of its fields, for structs that grow at the end from version to version.
   *
   * @param name Name in C.
   * @param paths Fields in order; a dot leads into a named member of an anonymous union.
   * @returns Its layout up to the end of the last field, as a multiple of 8 bytes.
   * @throws {Error} When a field is missing.
   */
  pick(name: string, paths: readonly string[]): CStruct {
    const fields = paths.map((path) => {
      let members = this.#find("STRUCT", name).members ?? [];
      let base = 0;
      const steps = path.split(".");
      for (const step of steps.slice(0, -1)) {
        const { member, offset } = this.#member(members, step, path);
        base += offset;
        members = this.#resolve(member.type_id).members ?? [];
      }
      const { member, offset } = this.#member(members, steps.at(-1) ?? path, path);
      return this.#field(member, path.replaceAll(".", "_"), base + offset - member.bits_offset / 8);
    });
    const end = Math.max(...fields.map((field) => field.offset + this.#bytes(field)));
    return { name, size: Math.ceil(end / 8) * 8, fields };
  }

  /**
   * An enum.
   *
   * @param name Name in C.
   * @returns Its constants in order of declaration.
   * @throws {Error} When the object has no such enum.
   */
  enum(name: string): CEnum {
    const values = this.#find("ENUM", name).values ?? [];
    return { name, values: values.map(({ name, val }) => ({ name, value: val })) };
  }

  /** Finds a member by name, also within anonymous unions. */
  #member(
    members: readonly BtfMember[],
    name: string,
    path: string,
  ): { readonly member: BtfMember; readonly offset: number } {
    for (const member of members) {
      if (member.name === name) return { member, offset: member.bits_offset / 8 };
      if (member.name !== "(anon)") continue;
      const inner = this.#resolve(member.type_id).members ?? [];
      if (!inner.some((candidate) => candidate.name === name)) continue;
      const found = this.#member(inner, name, path);
      return { member: found.member, offset: member.bits_offset / 8 + found.offset };
    }
    throw new Error(`Cannot find field "${path}"`);
  }

  #field({ type_id, bits_offset }: BtfMember, name: string, base: number): CField {
    const { names, type } = this.#strip(type_id);
    const field = { name, offset: base + bits_offset / 8 };
    if (type.kind === "ARRAY") {
      const element = this.#scalar(type.type_id ?? 0);
      const count = type.nr_elems ?? 0;
      if (element === "be32") return { ...field, type: "bytes", count: 4 * count };
      if (element === "char") return { ...field, type: "text", count };
      if (PAD.test(name)) return { ...field, type: "pad", count: count * width(element) };
      return { ...field, type: element === "u8" ? "bytes" : element, count };
    }
    const scalar = this.#scalar(type_id);
    if (PAD.test(name)) return { ...field, type: "pad", count: width(scalar) };
    if (names.includes("__be32")) return { ...field, type: "bytes", count: 4 };
    return { ...field, type: scalar, count: null };
  }

  #scalar(id: number): string {
    const { names, type } = this.#strip(id);
    if (names.includes("__be16")) return "be16";
    if (names.includes("__be32")) return "be32";
    if (type.kind === "PTR") return "u64";
    if (type.kind === "ENUM") return "u32";
    if (type.kind === "STRUCT") return `struct ${type.name}`;
    if (type.kind !== "INT") throw new Error(`Cannot lay out ${type.kind} "${type.name}"`);
    if (type.name === "char") return "char";
    return `${type.encoding === "SIGNED" ? "i" : "u"}${type.nr_bits}`;
  }

  #bytes({ type, count }: CField): number {
    return width(type) * (count ?? 1);
  }

  /** Follows typedefs and qualifiers, and says which names it met. */
  #strip(id: number): { readonly names: readonly string[]; readonly type: BtfType } {
    const names: string[] = [];
    let type = this.#resolve(id);
    while (["TYPEDEF", "CONST", "VOLATILE"].includes(type.kind)) {
      names.push(type.name);
      type = this.#resolve(type.type_id ?? 0);
    }
    return { names, type };
  }

  #resolve(id: number): BtfType {
    const type = this.#types.get(id);
    if (type === undefined) throw new Error(`Cannot find BTF type ${id}`);
    return type;
  }

  #find(kind: string, name: string): BtfType {
    for (const type of this.#types.values()) {
      if (type.kind === kind && type.name === name) return type;
    }
    throw new Error(`Cannot find ${kind.toLowerCase()} "${name}"`);
  }
}

function width(type: string): number {
  if (type === "bytes" || type === "text" || type === "pad") return 1;
  const bits = Number.parseInt(type.replace(/^\D+/, ""));
  if (Number.isNaN(bits)) throw new Error(`Cannot tell the size of "${type}"`);
  return bits / 8;
}

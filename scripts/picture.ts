/**
 * `deno task picture NAME [--title TEXT] [--columns N] -- COMMAND ...`: runs a command on a terminal of
 * its own and draws what it printed as docs/pictures/NAME.svg. What the picture shows was printed by a
 * real run; a terminal that is redrawn (weir watch) is shown as it stands at the end.
 */
import { capture } from "./lab/command.ts";

const CELL = { width: 8.4, height: 18, font: 14 } as const;
const MARGIN = 16;
const BAR = 28;
const COLOURS: Readonly<Record<number, string>> = {
  30: "#484f58",
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  37: "#e6edf3",
  90: "#8b949e",
};

interface Style {
  readonly colour: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

interface Run extends Style {
  readonly text: string;
}

const PLAIN: Style = { colour: null, bold: false, dim: false };

function applySgr(style: Style, codes: readonly number[]): Style {
  return codes.reduce((now, code) => {
    if (code === 0) return PLAIN;
    if (code === 1) return { ...now, bold: true };
    if (code === 2) return { ...now, dim: true };
    if (code === 22) return { ...now, bold: false, dim: false };
    if (code === 39) return { ...now, colour: null };
    const colour = COLOURS[code];
    return colour === undefined ? now : { ...now, colour };
  }, style);
}

/** Splits lines of a terminal into runs of one style; other escape sequences are left out. */
function parse(screen: string): readonly (readonly Run[])[] {
  let style = PLAIN;
  return screen.split("\n").map((line) => {
    const runs: Run[] = [];
    // deno-lint-ignore no-control-regex -- escape sequences are what it looks for
    for (const part of line.replaceAll("\r", "").split(/(\x1b\[[0-9;?]*[A-Za-z])/)) {
      // deno-lint-ignore no-control-regex -- escape sequences are what it looks for
      const sgr = /^\x1b\[([0-9;]*)m$/.exec(part);
      if (sgr !== null) style = applySgr(style, (sgr[1] || "0").split(";").map(Number));
      else if (part !== "" && !part.startsWith("\x1b")) runs.push({ ...style, text: part });
    }
    return runs;
  });
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function draw(lines: readonly (readonly Run[])[], title: string, columns: number): string {
  const width = Math.ceil(columns * CELL.width) + 2 * MARGIN;
  const height = lines.length * CELL.height + BAR + 2 * MARGIN;
  const rows = lines.map((runs, row) => {
    const y = BAR + MARGIN + row * CELL.height + CELL.font;
    const spans = runs.map(({ text, colour, bold, dim }) => {
      const fill = colour ?? (dim ? "#8b949e" : "#e6edf3");
      return `<tspan fill="${fill}"${bold ? ' font-weight="bold"' : ""}>${escape(text)}</tspan>`;
    });
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join("")}</text>`;
  });
  const dots = ["#ff5f56", "#ffbd2e", "#27c93f"].map((fill, index) =>
    `<circle cx="${MARGIN + index * 20}" cy="${BAR / 2 + 4}" r="6" fill="${fill}"/>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${CELL.font}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${dots.join("")}
<text x="${width / 2}" y="${BAR / 2 + 9}" fill="#8b949e" text-anchor="middle">${
    escape(title)
  }</text>
${rows.join("\n")}
</svg>
`;
}

/** Runs the command under tmux, which is a terminal, and reads its screen with colours. */
async function record(command: readonly string[], columns: number): Promise<string> {
  const session = `weir-picture-${Deno.pid}`;
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const tmux = (...args: string[]) => capture(["tmux", "-L", session, ...args]);
  const done = await Deno.makeTempFile();
  try {
    await tmux(
      ...["new-session", "-d", "-s", "p", "-x", `${columns}`, "-y", "200"],
      `env TERM=xterm-256color ${quoted}; echo done > ${done}; sleep 60`,
    );
    const end = performance.now() + 300_000;
    while ((await Deno.readTextFile(done)) === "" && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { stdout } = await tmux("capture-pane", "-t", "p", "-p", "-e");
    return stdout.trimEnd();
  } finally {
    await tmux("kill-server");
    await Deno.remove(done);
  }
}

const split = Deno.args.indexOf("--");
const [name = "", ...options] = Deno.args.slice(0, split);
const command = Deno.args.slice(split + 1);
const option = (flag: string, otherwise: string) => options[options.indexOf(flag) + 1] ?? otherwise;
const columns = Number(options.includes("--columns") ? option("--columns", "100") : "100");
const title = options.includes("--title") ? option("--title", "") : command.join(" ");
const screen = await record(command, columns);
const path = new URL(`../docs/pictures/${name}.svg`, import.meta.url).pathname;
await Deno.writeTextFile(path, draw(parse(screen), title, columns));

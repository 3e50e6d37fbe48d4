// Gives MicroPython's WebAssembly build the command line of the native one:
//     [-X heapsize=N[k|m]] (-c CODE | SCRIPT) [ARGUMENT...]
// It has no file system of the machine, so the text files under the current folder are copied in first;
// what the program writes is lost. Needs: node, and the npm package installed beside this file.
import fs from "node:fs";
import path from "node:path";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";

const COPIED = new Set([".py", ".json", ".txt", ".md"]);
const UNITS = { k: 1024, m: 1024 * 1024 };

function parse(args) {
  let heapsize = 1024 * 1024;
  while (args[0] === "-X") {
    const [, number, unit] = /^heapsize=(\d+)([km]?)/i.exec(args[1]) ?? [];
    if (number) heapsize = Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
    args = args.slice(2);
  }
  if (args[0] === "-c") return { heapsize, code: args[1], argv: ["-c", ...args.slice(2)] };
  return { heapsize, code: fs.readFileSync(args[0], "utf8"), argv: args, script: path.resolve(args[0]) };
}

function copyIn(mp, folder) {
  mp.FS.mkdirTree(folder);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) copyIn(mp, name);
    else if (COPIED.has(path.extname(name))) mp.FS.writeFile(name, fs.readFileSync(name));
  }
}

const { heapsize, code, argv, script } = parse(process.argv.slice(2));
const write = (stream) => (data) => fs.writeSync(stream, data);
const mp = await loadMicroPython({ heapsize, linebuffer: false, stdout: write(1), stderr: write(2) });
const globals = `import sys
sys.argv[:] = ${JSON.stringify(argv)}
sys.path[0] = ${JSON.stringify(script ? path.dirname(script) : "")}
__file__ = ${JSON.stringify(script ?? "")}`;
if (script) {
  copyIn(mp, process.cwd());
  mp.FS.chdir(process.cwd());
}
mp.runPython(globals);
try {
  mp.runPython(code);
} catch (error) {
  if (error.type !== "SystemExit") {
    console.error(error.message);
    process.exit(1);
  }
  const status = /SystemExit: ?(.*)/.exec(error.message)[1];
  if (!/^\d*$/.test(status)) console.error(status);
  process.exit(/^\d*$/.test(status) ? Number(status) : 1);
}

// node peers.mjs SAMPLE: a line of JSON for each reader, with the CPU time of its fastest round.
import { readFileSync } from "node:fs";
import { JSONParser } from "@streamparser/json";
import { parse as river } from "jsonriver";
import { parsePartialJson } from "ai";

const { tokens, title, summary, quadratic } = JSON.parse(readFileSync(process.argv[2], "utf8"));
let seen = 0;

async function* arriving() {
  yield* tokens;
}

const linear = {
  "JSON.parse, whole, no increments (Node)": () => JSON.parse(tokens.join("")),
  "@streamparser/json, partial values (Node)": () => {
    let last;
    const parser = new JSONParser({ emitPartialTokens: true, emitPartialValues: true });
    parser.onValue = ({ value, stack, partial }) => {
      seen += 1;
      if (stack.length === 0 && !partial) last = value;
    };
    for (const token of tokens) parser.write(token);
    return last;
  },
  "jsonriver (Node)": async () => {
    let last;
    for await (last of river(arriving())) seen += 1;
    return last;
  },
};

const rereading = {
  "parsePartialJson of AI SDK, all anew for a token (Node)": async () => {
    let text = "";
    let last;
    for (const token of tokens) {
      text += token;
      last = (await parsePartialJson(text)).value;
      seen += last?.summary?.length ?? 0;
    }
    return last;
  },
};

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function report(name, run, rounds) {
  let fastest = Infinity;
  let right = true;
  for (let round = 0; round < rounds; round += 1) {
    const start = seconds();
    const answer = await run();
    fastest = Math.min(fastest, seconds() - start);
    right &&= answer?.title === title && answer?.summary === summary;
  }
  console.log(JSON.stringify({ name, seconds: fastest, right }));
}

// Enough rounds for the compiler to have warmed up.
for (const [name, run] of Object.entries(linear)) await report(name, run, 20);
for (const [name, run] of Object.entries(rereading)) {
  if (quadratic) await report(name, run, 1);
  else console.log(JSON.stringify({ name }));
}

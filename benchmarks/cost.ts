/** How long one function is measured in one round: CPU time in microseconds. */
const TURN = 20_000;

/** Two functions that do the same, and what the result says about them. */
export interface Comparison {
  what: "decode" | "encode";
  ours: string;
  peer: string;
  runOurs: () => unknown;
  runPeer: () => unknown;
}

/** Measures comparisons in turns, and prints a line of JSON for each. */
export function compare(comparisons: Comparison[], rounds: number): void {
  const allRatios = new Map(comparisons.map((each) => [each, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [comparison, ratios] of allRatios) {
      const ourCost = cost(comparison.runOurs);
      const ratio = ourCost / cost(comparison.runPeer);
      if (round > 0) {
        ratios.push(ratio); // the first round warms up the compiler
      }
    }
  }
  for (const [{ what, ours, peer }, ratios] of allRatios) {
    const sorted = ratios.toSorted((a, b) => a - b);
    const line = {
      language: "typescript",
      what,
      ours,
      peer,
      ratio_median: sorted[sorted.length >> 1],
      ratio_min: sorted[0],
    };
    console.log(JSON.stringify(line));
  }
}

/** Returns the CPU time of one call, in microseconds. */
export function cost(run: () => unknown): number {
  const start = process.cpuUsage();
  let calls = 0;
  let batch = 1;
  let spent = 0;
  while (spent < TURN) {
    for (let call = 0; call < batch; call++) {
      run();
    }
    calls += batch;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
    if (calls === 1 && spent < TURN / 20) {
      batch = 20; // reading the clock takes time, too
    }
  }
  return spent / calls;
}

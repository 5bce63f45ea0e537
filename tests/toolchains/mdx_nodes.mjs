// Reads a file with a JSON list of MDX texts, and prints what is not Markdown in each: elements and code.
import { readFileSync } from "node:fs";
import { compile } from "@mdx-js/mdx";

const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = [];
for (const text of texts) {
  const nodes = new Set();
  const visit = (node) => {
    if (node.type.startsWith("mdx")) nodes.add(node.name ?? node.type);
    node.children?.forEach(visit);
  };
  try {
    await compile(text, { remarkPlugins: [() => visit] });
  } catch (error) {
    nodes.add(String(error));
  }
  found.push([...nodes].sort());
}
console.log(JSON.stringify(found));

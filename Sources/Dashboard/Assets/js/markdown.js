// Markdown as elements. A small part of CommonMark that models write: headings, lists, code, quotes, tables, emphasis, links.
// Raw HTML is text. Links go to http, https and mailto only; images are links, so that nothing is fetched from elsewhere.
import {make} from "./dom.js";

const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/, heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/, bullet = /^( *)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const rule = /^ {0,3}([-*_])(\s*\1){2,}\s*$/, quoted = /^ {0,3}> ?/, row = /^\s*\|?(.+?)\|?\s*$/, separator = /^\s*\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/;
const deepest = 12;

export function markdown(source, depth = 0) {
  const lines = source.replace(/\r\n?/g, "\n").split("\n"), blocks = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    let match;
    if (!line.trim()) { at += 1; continue; }
    if ((match = fence.exec(line))) {
      const body = [];
      for (at += 1; at < lines.length && !(lines[at].trim().startsWith(match[1]) && /^\s*[`~]+\s*$/.test(lines[at])); at += 1) body.push(lines[at]);
      at += 1;
      blocks.push(make("pre", {tabindex: "0"}, make("code", {}, body.join("\n"))));
    } else if ((match = heading.exec(line))) {
      blocks.push(make(`h${Math.min(4, match[1].length + 2)}`, {}, ...inline(match[2])));
      at += 1;
    } else if (rule.test(line)) {
      blocks.push(make("hr"));
      at += 1;
    } else if (quoted.test(line) && depth < deepest) {
      const inner = [];
      for (; at < lines.length && quoted.test(lines[at]); at += 1) inner.push(lines[at].replace(quoted, ""));
      blocks.push(make("blockquote", {}, ...markdown(inner.join("\n"), depth + 1)));
    } else if (bullet.test(line) && depth < deepest) {
      const list = listAt(lines, at, depth);
      blocks.push(list.element);
      at = list.next;
    } else if (line.includes("|") && at + 1 < lines.length && separator.test(lines[at + 1])) {
      const table = tableAt(lines, at);
      blocks.push(table.element);
      at = table.next;
    } else {
      const text = [line];
      for (at += 1; at < lines.length && lines[at].trim() && !fence.test(lines[at]) && !heading.test(lines[at]) && !quoted.test(lines[at]) && !bullet.test(lines[at]); at += 1) text.push(lines[at]);
      blocks.push(make("p", {}, ...inline(text.join("\n"))));
    }
  }
  return blocks;
}

function listAt(lines, from, depth) {
  const [, indent, sign] = bullet.exec(lines[from]), isOrdered = /\d/.test(sign);
  const items = [];
  let at = from;
  while (at < lines.length) {
    const match = bullet.exec(lines[at]);
    if (!match || match[1].length < indent.length || (match[1].length === indent.length && /\d/.test(match[2]) !== isOrdered)) break;
    const width = match[1].length + match[2].length + 1, inner = [match[3]];
    for (at += 1; at < lines.length; at += 1) {
      const blank = !lines[at].trim(), own = lines[at].search(/\S/);
      if (blank ? !(lines[at + 1]?.search(/\S/) >= width) : own < width && (bullet.test(lines[at]) || lines[at - 1]?.trim() === "")) break;
      inner.push(lines[at].slice(Math.min(width, Math.max(0, own))));
    }
    while (at < lines.length && !lines[at].trim() && bullet.test(lines[at + 1] ?? "")) at += 1;
    const blocks = markdown(inner.join("\n"), depth + 1);
    items.push(make("li", {}, ...(blocks[0]?.localName === "p" ? [...blocks[0].childNodes, ...blocks.slice(1)] : blocks)));
  }
  return {element: make(isOrdered ? "ol" : "ul", isOrdered && parseInt(sign, 10) !== 1 ? {start: parseInt(sign, 10)} : {}, ...items), next: Math.max(at, from + 1)};
}

function tableAt(lines, from) {
  const cells = line => (row.exec(line)?.[1] ?? "").split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll("\\|", "|"));
  const head = cells(lines[from]), body = [];
  let at = from + 2;
  for (; at < lines.length && lines[at].includes("|"); at += 1) body.push(cells(lines[at]));
  const line = (values, name) => make("tr", {}, ...head.map((_, index) => make(name, {}, ...inline(values[index] ?? ""))));
  return {element: make("table", {}, make("thead", {}, line(head, "th")), make("tbody", {}, ...body.map(values => line(values, "td")))), next: at};
}

const marks = /(`+)([\s\S]+?)\1(?!`)|\*\*(?=\S)([\s\S]+?)\*\*|__(?=\S)([^_]+?)__|\*(?=[^\s*])([^*\n]+?)\*|(?<![\w_])_(?=[^\s_])([^_\n]+?)_(?!\w)|~~(?=\S)([^~]+?)~~|!?\[([^\][\n]{0,500})\]\(([^()\s]{1,2000})(?:\s+"[^"\n]*")?\)|<?(https?:\/\/[^\s<>()"']{1,2000})>?/g;

/** Nodes of a line's text. */
export function inline(text, depth = 0) {
  if (depth > 4) return [text];
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, , code, strong, strong2, emphasis, emphasis2, gone, label, target, bare] = match;
    if (match.index > last) nodes.push(text.slice(last, match.index));
    last = match.index + whole.length;
    if (code !== undefined) nodes.push(make("code", {}, code));
    else if (strong ?? strong2) nodes.push(make("strong", {}, ...inline(strong ?? strong2, depth + 1)));
    else if (emphasis ?? emphasis2) nodes.push(make("em", {}, ...inline(emphasis ?? emphasis2, depth + 1)));
    else if (gone !== undefined) nodes.push(make("s", {}, ...inline(gone, depth + 1)));
    else nodes.push(link(target ?? bare, label ?? bare, whole));
  }
  if (last < text.length) nodes.push(text.slice(last));
  return nodes;
}

function link(target, label, whole) {
  if (!/^(https?:|mailto:)/i.test(target)) return whole;
  return make("a", {href: target, rel: "noopener noreferrer nofollow", target: "_blank"}, label || target);
}

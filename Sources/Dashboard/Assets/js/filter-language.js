// The text in the filter bar and the API's filter, one from the other.
//   status:error model:gpt-4.1,gpt-5 duration_ms>=250 -user_id:ada (name~refund OR "a phrase") cost:0.01..0.5 attributes.http.route^=/api
// Terms side by side are joined by and; a term without a field is searched in names, inputs and outputs.
import {fieldNamed} from "./filter-fields.js";

const signs = {":": "_eq", "!=": "_neq", "~": "_icontains", "^=": "_istarts_with", "$=": "_iends_with", "=~": "_matches", ">=": "_gte", "<=": "_lte", ">": "_gt", "<": "_lt"};
const pattern = /\s+|\(|\)|(?:OR|AND|NOT)\b(?=[\s()]|$)|-(?=[^\s])|([A-Za-z_][\w.\-/]*)(!=|\^=|\$=|=~|>=|<=|[:~><])|"((?:[^"\\]|\\.)*)"|[^\s()"]+/gy;

/** Throws an Error whose message is for the reader. */
export function parseFilter(source) {
  const tokens = tokenize(source);
  let at = 0;
  const peek = () => tokens[at];

  function any() {
    const branches = [all()];
    while (peek()?.kind === "OR") { at += 1; branches.push(all()); }
    return branches.length === 1 ? branches[0] : {_or: branches};
  }
  function all() {
    const terms = [];
    while (peek() && peek().kind !== "OR" && peek().kind !== ")") {
      if (peek().kind === "AND") { at += 1; continue; }
      terms.push(one());
    }
    if (!terms.length) throw new Error("Something is missing here: a condition such as status:error.");
    return joined(terms);
  }
  function one() {
    const token = tokens[at++];
    if (token.kind === "NOT") {
      if (!peek() || ["OR", "AND", ")"].includes(peek().kind)) throw new Error("NOT needs a condition behind it.");
      return {_not: one()};
    }
    if (token.kind === "(") {
      const inner = any();
      if (tokens[at++]?.kind !== ")") throw new Error("A bracket is not closed.");
      return inner;
    }
    if (token.kind === "field") return condition(token);
    return {_or: ["name", "input", "output"].map(field => ({[field]: {_icontains: token.text}}))};
  }

  if (!tokens.length) return null;
  const filter = any();
  if (at < tokens.length) throw new Error("There is a bracket too many.");
  return filter;
}

/** Conditions on different fields stand in one object; others are a list. */
function joined(terms) {
  if (terms.length === 1) return terms[0];
  const keys = terms.flatMap(Object.keys);
  return new Set(keys).size === keys.length && !keys.some(key => key.startsWith("_")) ? Object.assign({}, ...terms) : {_and: terms};
}

function tokenize(source) {
  const tokens = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const from = pattern.lastIndex, match = pattern.exec(source);
    if (!match) throw new Error(`A quotation mark is not closed: ${source.slice(from, from + 20)}`);
    const [whole, field, sign, quoted] = match;
    if (/^\s/.test(whole)) continue;
    if (["(", ")", "OR", "AND", "NOT"].includes(whole)) tokens.push({kind: whole});
    else if (whole === "-") tokens.push({kind: "NOT"});
    else if (field !== undefined) tokens.push({kind: "field", field, sign, ...value(source)});
    else tokens.push({kind: "text", text: quoted === undefined ? whole : unescaped(quoted)});
  }
  return tokens;
}

const unescaped = text => text.replace(/\\(.)/g, "$1");

/** The value behind a field's sign: words and quoted texts with commas between. */
function value(source) {
  const part = /"((?:[^"\\]|\\.)*)"|([^\s(),"]+)/y, parts = [];
  for (;;) {
    part.lastIndex = pattern.lastIndex;
    const match = part.exec(source);
    if (match) { parts.push({text: match[1] === undefined ? match[2] : unescaped(match[1]), isQuoted: match[1] !== undefined}); pattern.lastIndex = part.lastIndex; }
    if (source[pattern.lastIndex] !== ",") return {parts};
    pattern.lastIndex += 1;
  }
}

function condition({field, sign, parts}) {
  if (!fieldNamed(field)) throw new Error(`There is no field ${field}. Attributes are called attributes.${field}.`);
  if (!parts.length) throw new Error(`${field}${sign} needs a value behind it.`);
  const [first] = parts;
  if (sign === ":" && parts.length === 1 && !first.isQuoted) {
    if (first.text === "*") return {[field]: {_is_null: false}};
    if (first.text === "null") return {[field]: {_is_null: true}};
    const range = /^(.+?)\.\.(.+)$/.exec(first.text);
    if (range) return {[field]: {_between: [typed(field, {text: range[1]}), typed(field, {text: range[2]})]}};
  }
  const values = parts.map(part => typed(field, part));
  if (values.length > 1) {
    if (sign !== ":" && sign !== "!=") throw new Error(`${field}${sign} takes one value.`);
    return {[field]: {[sign === ":" ? "_in" : "_not_in"]: values}};
  }
  return {[field]: sign === ":" ? values[0] : {[signs[sign]]: values[0]}};
}

function typed(field, {text, isQuoted}) {
  const {type, name} = fieldNamed(field);
  if (isQuoted) return text;
  if (type === "number") {
    if (!Number.isFinite(Number(text))) throw new Error(`${field} takes a number, not “${text}”.`);
    return Number(text);
  }
  if (/^(attributes|resource)\./.test(name)) {
    if (text === "true" || text === "false") return text === "true";
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  }
  return text;
}

const quote = text => /^[^\s(),"]+$/.test(text) && text !== "*" && text !== "null" && !text.includes("..") ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
const shown = value => typeof value === "string" ? quote(value) : String(value);

/** The text of a filter, for filters that came by a link. */
export function filterText(filter, isInner = false) {
  if (!filter || typeof filter !== "object") return "";
  const terms = Object.entries(filter).map(([key, value]) => {
    if (key === "_and") return value.map(each => filterText(each, true)).join(" ");
    if (key === "_or") {
      const word = searched(value);
      return word !== undefined ? quote(word) : `(${value.map(each => filterText(each)).join(" OR ")})`;
    }
    if (key === "_not") { const inner = filterText(value); return `-${/\s/.test(inner) && !("_or" in value && Object.keys(value).length === 1) ? `(${inner})` : inner}`; }
    return conditionText(key, value);
  });
  return terms.join(" ");
}

/** A term without a field was written out over three fields. */
function searched(branches) {
  const text = branches[0]?.name?._icontains;
  return text !== undefined && branches.length === 3 && branches[1]?.input?._icontains === text && branches[2]?.output?._icontains === text ? text : undefined;
}

function conditionText(field, condition) {
  if (condition === null || typeof condition !== "object") return `${field}:${shown(condition)}`;
  return Object.entries(condition).map(([operator, value]) => {
    if (operator === "_in") return `${field}:${value.map(shown).join(",")}`;
    if (operator === "_not_in" || operator === "_nin") return `${field}!=${value.map(shown).join(",")}`;
    if (operator === "_between") return `${field}:${value[0]}..${value[1]}`;
    if (operator === "_is_null") return value ? `${field}:null` : `${field}:*`;
    if (operator === "_contains") return `${field}~${shown(value)}`;
    const sign = Object.keys(signs).find(each => signs[each] === operator);
    return sign ? `${field}${sign}${shown(value)}` : "";
  }).filter(Boolean).join(" ");
}

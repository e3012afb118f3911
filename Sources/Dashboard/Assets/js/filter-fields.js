// The fields and operators a filter may name: what docs/query.md says, for completion.
const text = "text", number = "number", choice = "choice";

export const fields = [
  ["status", choice, "unset, ok or error", ["ok", "error", "unset"]],
  ["name", text, "name of the span"],
  ["service", text, "resource.service.name"],
  ["model", text, "answered, else asked for"],
  ["kind", choice, "kind of span", ["llm", "tool", "agent", "chain", "retriever", "embedding", "reranker", "guardrail", "evaluator", "prompt", "event", "span"]],
  ["duration_ms", number, "milliseconds"],
  ["user_id", text, "who"], ["session_id", text, "conversation"],
  ["cost", number, "US dollars"], ["total_tokens", number, "input and output"],
  ["input_tokens", number, "tokens read"], ["output_tokens", number, "tokens written"],
  ["cache_read_tokens", number, "from the cache"], ["cache_write_tokens", number, "into the cache"], ["reasoning_tokens", number, "thought"],
  ["input_uncached_tokens", number, "read without the cache"], ["output_visible_tokens", number, "written without reasoning"],
  ["input", text, "prompts"], ["output", text, "completions"],
  ["tool_name", text, "tool"], ["error_type", text, "kind of error"], ["status_message", text, "what went wrong"],
  ["provider", text, "who answered"], ["request_model", text, "asked for"], ["response_model", text, "answered"],
  ["prompt_name", text, "prompt"], ["prompt_version", text, "its version"], ["tags", text, "any of them"],
  ["trace_id", text, "32 digits"], ["span_id", text, "16 digits"], ["parent_span_id", text, "16 digits"],
  ["span_kind", choice, "of OpenTelemetry", ["internal", "server", "client", "producer", "consumer", "unspecified"]],
  ["scope.name", text, "instrumentation"], ["scope.version", text, "its version"],
  ["reported_cost", number, "as the sender says"], ["start_time", text, "RFC 3339"], ["end_time", text, "RFC 3339"],
  ["attributes.", text, "any attribute"], ["resource.", text, "any of the resource"],
].map(([name, type, note, values]) => ({name, type, note, values}));

export const operators = [
  {sign: ":", note: "is, or one of a,b", types: [text, number, choice]},
  {sign: "!=", note: "is not", types: [text, number, choice]},
  {sign: "~", note: "contains, in either case", types: [text]},
  {sign: "^=", note: "begins with", types: [text]},
  {sign: "$=", note: "ends with", types: [text]},
  {sign: "=~", note: "matches the expression", types: [text]},
  {sign: ">", note: "more than", types: [number]}, {sign: ">=", note: "at least", types: [number]},
  {sign: "<", note: "less than", types: [number]}, {sign: "<=", note: "at most", types: [number]},
  {sign: ":*", note: "is there", types: [text, number, choice]},
];

export const fieldNamed = name => fields.find(field => field.name === name)
  ?? (/^(attributes|resource)\../.test(name) ? {name, type: text, note: "attribute"} : undefined);

// What the fields of a form say, as the JSON, path, query and headers of a request.

const readers = {
  integer: text => /^[+-]?\d+$/.test(text.trim()) ? Number(text) : text,
  number: text => text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text,
  percent: text => Number.isFinite(Number(text)) ? Number(text) / 100 : text,
  json: text => JSON.parse(text),
  lines: text => text.split("\n").map(line => line.trim()).filter(Boolean),
  words: text => text.split(/[,\s]+/).filter(Boolean),
  date: text => `${text}T00:00:00Z`,
  list: text => [text],
};

/** Puts a value at a path such as `targets.0.model`; a list named by several fields is their concatenation. */
export function put(root, path, value, isList) {
  const parts = path.split(".");
  let at = root;
  parts.forEach((part, index) => {
    const key = Array.isArray(at) ? Number(part) : part;
    if (index === parts.length - 1) {
      at[key] = isList && Array.isArray(at[key]) ? at[key].concat(value) : value;
    } else {
      at = at[key] ??= /^\d+$/.test(parts[index + 1]) ? [] : {};
    }
  });
}

/** Throws {field, message} when a field's text cannot be read. */
export function formValues(form, submitter) {
  const values = {body: {}, path: {}, query: {}, contentType: null, text: null, file: null, isEmpty: true};
  for (const field of form.elements) {
    if (!field.matches("input, select, textarea, button") || field.disabled) continue;
    if (field.type === "submit" || field.localName === "button") { if (field !== submitter) continue; }
    if (field.dataset.in === "content-type") { values.contentType = field.value; continue; }
    if (!field.name || field.readOnly) continue;
    if (field.type === "radio" && !field.checked) continue;
    if (field.type === "file") { values.file = field.files[0] ?? null; continue; }
    const {type, in: place} = field.dataset;
    let value = field.value;
    if (field.type === "checkbox") {
      if (type === "boolean") value = field.checked;
      else if (!field.checked) continue;
      if (place === "query") value = "true";
    }
    if (value === "" && field.dataset.omitEmpty !== undefined) continue;
    if (value === false && field.dataset.omitEmpty !== undefined) continue;
    if (value === "" && field.dataset.nullEmpty !== undefined) value = null;
    if (typeof value === "string" && readers[type]) {
      try { value = readers[type](value); } catch (error) { throw {field: field.name, message: `This is no JSON: ${error.message}`}; }
    }
    if (place === "path") values.path[field.name] = value;
    else if (place === "query") values.query[field.name] = value;
    else if (form.dataset.body === "text") values.text = value;
    else { put(values.body, field.name, value, type === "list" || type === "lines"); values.isEmpty = false; }
  }
  return values;
}

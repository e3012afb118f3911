/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let queryPaths = ##"""
        "/api/v1/query":{"post":{"tags":["Query"],"operationId":"query","summary":"Query spans","description":"Selects spans, or\##
         groups them and computes aggregates. A query has a time and a memory limit and answers 422 when it hits one. Needs the\##
         scope `read`.","x-permission":"query.run","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref\##
        ":"#/components/schemas/QueryRequest"},"example":{"filter":{"kind":{"_eq":"llm"}},"group_by":["model"],"aggregates":["co\##
        unt","p95(duration_ms)","sum(cost)"],"order_by":["-count"]}}}},"responses":{"200":{"description":"Columns and rows.","co\##
        ntent":{"application/json":{"schema":{"$ref":"#/components/schemas/QueryResult"}}}},"400":{"$ref":"#/components/response\##
        s/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},\##
        "404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/compon\##
        ents/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/respo\##
        nses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503\##
        ":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/components/parameters/Project"}]}}
        """##

    static let querySchemas = ##"""
        "QueryRequest":{"description":"Either `select`, or `group_by`, `aggregates` and `bucket`.","type":"object","additionalPr\##
        operties":false,"required":[],"properties":{"filter":{"type":"object","description":"The filter: `{\"FIELD\": {\"OPERATO\##
        R\": VALUE}}`, combined by `_and`, `_or`, `_not`. Operators: `_eq _neq _gt _gte _lt _lte _in _not_in _between _is_null _\##
        contains _starts_with _ends_with _matches`."},"from":{"type":"string","description":"Spans that start at this time or la\##
        ter."},"to":{"type":"string","description":"Spans that start before this time."},"select":{"type":"array","description":\##
        "Fields of spans.","items":{"type":"string"}},"group_by":{"type":"array","description":"Fields to group by.","items":{"t\##
        ype":"string"}},"aggregates":{"type":"array","description":"What to compute of each group, as `p95(duration_ms)`.","item\##
        s":{"oneOf":[{"type":"string"},{"type":"object","additionalProperties":false,"required":["function"],"properties":{"func\##
        tion":{"type":"string","description":"count, sum, avg, min, max, p50, p90, p95, p99, count_distinct, error_count, error_\##
        rate, rate."},"field":{"type":"string","description":"What of."},"as":{"type":"string","description":"Name of the column\##
        ."},"exact":{"type":"boolean","description":"Of `count_distinct`: never estimated; fails with `memory_limit` instead."}}\##
        }]}},"bucket":{"type":"string","description":"Step of time to group by: 30s, 5m, 1h, 1d."},"order_by":{"description":"Fi\##
        elds, or columns of groups; a minus before one means descending.","oneOf":[{"type":"string"},{"type":"array","items":{"t\##
        ype":"string"}}]},"limit":{"type":"integer","description":"At most this many rows.","minimum":1,"maximum":10000},"cursor\##
        ":{"type":"string","description":"`next_cursor` of the page before; for `select` only."},"explain":{"type":"boolean","de\##
        scription":"Tell what was read and what was skipped."},"timeout_ms":{"type":"integer","description":"How long it may run\##
        .","minimum":1,"maximum":60000}}},"QueryResult":{"description":"An answer.","type":"object","additionalProperties":false\##
        ,"required":["columns","data","row_count","next_cursor","truncated"],"properties":{"columns":{"type":"array","descriptio\##
        n":"The columns.","items":{"type":"object","additionalProperties":false,"required":["name","type"],"properties":{"name":\##
        {"type":"string","description":"As in `data`."},"type":{"type":"string","description":"string, integer, number, time, li\##
        st or any."}}}},"data":{"type":"array","description":"A row each, by column name.","items":{"type":"object"}},"row_count\##
        ":{"type":"integer","description":"Rows in `data`."},"next_cursor":{"type":["string","null"],"description":"For the next\##
         page; null on the last one, and for groups."},"truncated":{"type":"boolean","description":"More rows match than the lim\##
        it lets through."},"explain":{"$ref":"#/components/schemas/Explanation"}}},"Explanation":{"description":"What a query lo\##
        oked at and what it could leave out.","type":"object","additionalProperties":false,"required":["memtables","segments","s\##
        egments_read","segments_skipped","row_groups","row_groups_read","skipped","rows_scanned","rows_matched","bytes_read","pa\##
        ges_read","payload_bytes_read","elapsed_ms"],"properties":{"memtables":{"type":"integer","description":"Memtables of the\##
         project."},"segments":{"type":"integer","description":"Segments of the project."},"segments_read":{"type":"integer","de\##
        scription":"Of them read."},"segments_skipped":{"type":"integer","description":"Of them left out."},"row_groups":{"type"\##
        :"integer","description":"Row groups of the segments."},"row_groups_read":{"type":"integer","description":"Of them read.\##
        "},"skipped":{"type":"object","description":"Row groups and memtables left out, by reason.","additionalProperties":{"typ\##
        e":"integer"}},"rows_scanned":{"type":"integer","description":"Rows of what was read."},"rows_matched":{"type":"integer"\##
        ,"description":"Of them matching."},"bytes_read":{"type":"integer","description":"Bytes read from segments."},"pages_rea\##
        d":{"type":"integer","description":"Pages read."},"payload_bytes_read":{"type":"integer","description":"Of the bytes, pa\##
        yloads."},"elapsed_ms":{"type":"number","description":"How long it took."}}}
        """##
}

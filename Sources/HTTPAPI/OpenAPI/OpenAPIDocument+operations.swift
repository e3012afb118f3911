/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let operationsPaths = ##"""
        "/health/live":{"get":{"tags":["Operations"],"operationId":"getLiveness","summary":"Is the process there","description":\##
        "Looks at nothing else.","x-permission":"public","security":[],"responses":{"200":{"description":"It is.","content":{"ap\##
        plication/json":{"schema":{"type":"object","additionalProperties":false,"required":["status"],"properties":{"status":{"t\##
        ype":"string","description":"Always `ok`.","enum":["ok"]}}}}}}}}},"/health/ready":{"get":{"tags":["Operations"],"operati\##
        onId":"getReadiness","summary":"Can it work","description":"Looks at PostgreSQL, the store and the disk.","x-permission"\##
        :"public","security":[],"responses":{"200":{"description":"Everything works.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/Readiness"}}}},"503":{"description":"Something does not; `checks` says what.","headers":{"Re\##
        try-After":{"description":"Seconds.","schema":{"type":"integer"}}},"content":{"application/json":{"schema":{"$ref":"#/co\##
        mponents/schemas/Readiness"}}}}}}},"/metrics":{"get":{"tags":["Operations"],"operationId":"getMetrics","summary":"Metric\##
        s","description":"Prometheus' text format 0.0.4.","x-permission":"public","security":[],"responses":{"200":{"description\##
        ":"All families.","content":{"text/plain":{"schema":{"type":"string"}}}}}}},"/openapi.json":{"get":{"tags":["Operations"\##
        ],"operationId":"getOpenAPI","summary":"This document","description":"OpenAPI 3.1.","x-permission":"public","security":[\##
        ],"responses":{"200":{"description":"The document.","content":{"application/json":{"schema":{"type":"object"}}}}}}},"/do\##
        cs":{"get":{"tags":["Operations"],"operationId":"getDocumentation","summary":"This document as pages","description":"For\##
         people; a page a tag.","x-permission":"public","security":[],"responses":{"200":{"description":"The page that leads to\##
         the others.","content":{"text/html":{"schema":{"type":"string"}}}}}}},"/docs/{tag}":{"get":{"tags":["Operations"],"oper\##
        ationId":"getDocumentationOfTag","summary":"The operations of a tag as a page","description":"With parameters, bodies, a\##
        nswers, and commands that run.","x-permission":"public","security":[],"parameters":[{"name":"tag","in":"path","required"\##
        :true,"description":"The tag's name.","schema":{"type":"string"}}],"responses":{"200":{"description":"The page.","conten\##
        t":{"text/html":{"schema":{"type":"string"}}}},"404":{"$ref":"#/components/responses/NotFound"}}}},"/api/v1/health":{"ge\##
        t":{"tags":["Operations"],"operationId":"getHealth","summary":"Get the server's health","description":"How the server it\##
        self is; names no project and no content. For owners and admins of the installation's first organization, and keys that\##
         reach it with the scope `admin`. Rates are over the last minute, or since the last look before it.","x-permission":"hea\##
        lth.read","parameters":[{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The figures.","co\##
        ntent":{"application/json":{"schema":{"$ref":"#/components/schemas/ServerHealth"}}}},"400":{"$ref":"#/components/respons\##
        es/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"}\##
        ,"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compo\##
        nents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let operationsSchemas = ##"""
        "Readiness":{"type":"object","additionalProperties":false,"required":["status","checks"],"properties":{"status":{"type":\##
        "string","description":"All in one.","enum":["ok","unavailable"]},"checks":{"type":"object","description":"`ok`, or what\##
         is wrong.","additionalProperties":{"type":"string"}}}},"ServerHealth":{"description":"How the server is.","type":"objec\##
        t","additionalProperties":false,"required":["status","checks","uptime_seconds","ingest","quarantine","wal","memtables","\##
        segments","disk","postgres","job_queues"],"properties":{"status":{"type":"string","description":"`unavailable` when a ch\##
        eck fails.","enum":["ok","unavailable"]},"checks":{"type":"object","description":"`ok`, or what is wrong.","additionalPr\##
        operties":{"type":"string"}},"uptime_seconds":{"type":"number","description":"Since the start."},"ingest":{"description"\##
        :"What comes in.","type":"object","additionalProperties":false,"required":["rate_seconds","spans_per_second","bytes_per_\##
        second","requests_per_second","stored_spans","duplicate_requests","bytes_in_flight","maximum_bytes_in_flight","acknowled\##
        gement_ms","rejected_spans","refused_requests"],"properties":{"rate_seconds":{"type":["number","null"],"description":"Wh\##
        at the rates are over."},"spans_per_second":{"type":["number","null"],"description":"Stored."},"bytes_per_second":{"type\##
        ":["number","null"],"description":"Of bodies as sent."},"requests_per_second":{"type":["number","null"],"description":"E\##
        xport requests, refused ones too."},"stored_spans":{"type":"integer","description":"Since the start."},"duplicate_reques\##
        ts":{"type":"integer","description":"Repeats that were not stored again."},"bytes_in_flight":{"type":"integer","descript\##
        ion":"Memory of requests under way."},"maximum_bytes_in_flight":{"type":"integer","description":"What they may take."},"\##
        acknowledgement_ms":{"description":"From an export's head to its answer. In milliseconds, since the start: the upper bou\##
        nd of the bucket of the histogram that it lies in.","type":"object","additionalProperties":false,"required":["p50","p95"\##
        ,"p99"],"properties":{"p50":{"type":["number","null"],"description":"Null of nothing."},"p95":{"type":["number","null"],\##
        "description":"Null of nothing."},"p99":{"type":["number","null"],"description":"Null of nothing."}}},"rejected_spans":{\##
        "type":"object","description":"Spans refused, by reason.","additionalProperties":{"type":"integer"}},"refused_requests":\##
        {"type":"object","description":"Requests refused, by reason.","additionalProperties":{"type":"integer"}}}},"quarantine":\##
        {"description":"Refused spans.","type":"object","additionalProperties":false,"required":["kept_spans","lost_spans","evic\##
        ted_spans"],"properties":{"kept_spans":{"type":"integer","description":"Refused spans kept, since the start."},"lost_spa\##
        ns":{"type":"integer","description":"That could not be kept."},"evicted_spans":{"type":"integer","description":"Gone to\##
         make room."}}},"wal":{"description":"The write-ahead log.","type":"object","additionalProperties":false,"required":["by\##
        tes_in_use","bytes","queued_bytes","failed_groups","fdatasync_ms"],"properties":{"bytes_in_use":{"type":"integer","descr\##
        iption":"That a replay would read."},"bytes":{"type":"integer","description":"Of all files."},"queued_bytes":{"type":"in\##
        teger","description":"Waiting to be written."},"failed_groups":{"type":"integer","description":"That could not be made d\##
        urable."},"fdatasync_ms":{"description":"How long making a group durable took. In milliseconds, since the start: the upp\##
        er bound of the bucket of the histogram that it lies in.","type":"object","additionalProperties":false,"required":["p50"\##
        ,"p95","p99"],"properties":{"p50":{"type":["number","null"],"description":"Null of nothing."},"p95":{"type":["number","n\##
        ull"],"description":"Null of nothing."},"p99":{"type":["number","null"],"description":"Null of nothing."}}}}},"memtables\##
        ":{"description":"The newest spans, in memory.","type":"object","additionalProperties":false,"required":["count","waitin\##
        g_to_be_sealed","spans","bytes"],"properties":{"count":{"type":"integer","description":"Taking spans."},"waiting_to_be_s\##
        ealed":{"type":"integer","description":"Not yet on disk as segments."},"spans":{"type":"integer","description":"In them.\##
        "},"bytes":{"type":"integer","description":"Of memory."}}},"segments":{"description":"Sealed spans.","type":"object","ad\##
        ditionalProperties":false,"required":["count","spans","bytes","damaged","seal_failures"],"properties":{"count":{"type":"\##
        integer","description":"Published."},"spans":{"type":"integer","description":"In them."},"bytes":{"type":"integer","desc\##
        ription":"On disk."},"damaged":{"type":"integer","description":"Left out of queries."},"seal_failures":{"type":"integer"\##
        ,"description":"Tried again."}}},"disk":{"description":"Where the store lies.","type":"object","additionalProperties":fa\##
        lse,"required":["free_bytes"],"properties":{"free_bytes":{"type":["integer","null"],"description":"Null when it cannot b\##
        e read."}}},"postgres":{"description":"The pool of connections.","type":"object","additionalProperties":false,"required"\##
        :["connections","idle_connections","waiting"],"properties":{"connections":{"type":"integer","description":"Open."},"idle\##
        _connections":{"type":"integer","description":"Unused now."},"waiting":{"type":"integer","description":"Callers that wai\##
        t for one."}}},"job_queues":{"type":["array","null"],"description":"Queues with open jobs; null while PostgreSQL does no\##
        t answer.","items":{"type":"object","additionalProperties":false,"required":["queue","queued","leased","oldest_wait_seco\##
        nds"],"properties":{"queue":{"type":"string","description":"Its name."},"queued":{"type":"integer","description":"Jobs t\##
        hat wait."},"leased":{"type":"integer","description":"Jobs at a worker."},"oldest_wait_seconds":{"type":["number","null"\##
        ],"description":"Of the job that waits longest and may run."}}}}}}
        """##
}

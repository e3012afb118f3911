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
        ted_spans","expired_spans","replayed_spans","deleted_spans","damaged_records"],"properties":{"kept_spans":{"type":"integ\##
        er","description":"Refused spans kept, since the start."},"lost_spans":{"type":"integer","description":"That could not b\##
        e kept."},"evicted_spans":{"type":"integer","description":"Gone to make room."},"expired_spans":{"type":"integer","descr\##
        iption":"Gone because of their age."},"replayed_spans":{"type":"integer","description":"Gone because a replay stored the\##
        m, or found them stored."},"deleted_spans":{"type":"integer","description":"Gone because somebody deleted them."},"damag\##
        ed_records":{"type":"integer","description":"Records of the quarantine that could not be read back."}}},"wal":{"descript\##
        ion":"The write-ahead log.","type":"object","additionalProperties":false,"required":["bytes_in_use","bytes","queued_byte\##
        s","failed_groups","fdatasync_ms"],"properties":{"bytes_in_use":{"type":"integer","description":"That a replay would rea\##
        d."},"bytes":{"type":"integer","description":"Of all files."},"queued_bytes":{"type":"integer","description":"Waiting to\##
         be written."},"failed_groups":{"type":"integer","description":"That could not be made durable."},"fdatasync_ms":{"descr\##
        iption":"How long making a group durable took. In milliseconds, since the start: the upper bound of the bucket of the hi\##
        stogram that it lies in.","type":"object","additionalProperties":false,"required":["p50","p95","p99"],"properties":{"p50\##
        ":{"type":["number","null"],"description":"Null of nothing."},"p95":{"type":["number","null"],"description":"Null of not\##
        hing."},"p99":{"type":["number","null"],"description":"Null of nothing."}}}}},"memtables":{"description":"The newest spa\##
        ns, in memory.","type":"object","additionalProperties":false,"required":["count","waiting_to_be_sealed","spans","bytes"]\##
        ,"properties":{"count":{"type":"integer","description":"Taking spans."},"waiting_to_be_sealed":{"type":"integer","descri\##
        ption":"Not yet on disk as segments."},"spans":{"type":"integer","description":"In them."},"bytes":{"type":"integer","de\##
        scription":"Of memory."}}},"segments":{"description":"Sealed spans.","type":"object","additionalProperties":false,"requi\##
        red":["count","spans","bytes","damaged","seal_failures"],"properties":{"count":{"type":"integer","description":"Publishe\##
        d."},"spans":{"type":"integer","description":"In them."},"bytes":{"type":"integer","description":"On disk."},"damaged":{\##
        "type":"integer","description":"Left out of queries."},"seal_failures":{"type":"integer","description":"Tried again."}}}\##
        ,"disk":{"description":"Where the store lies.","type":"object","additionalProperties":false,"required":["free_bytes","ca\##
        pacity_bytes","level","ballast_bytes","ballast_given_up","dropped_segments","refused_requests"],"properties":{"free_byte\##
        s":{"type":["integer","null"],"description":"Null when it cannot be read."},"capacity_bytes":{"type":["integer","null"],\##
        "description":"Of the disk, or what the server may take of it. Null when it cannot be read."},"level":{"type":"string","\##
        description":"What gives way for want of room: nothing, what is due for deletion, merging of segments, exports.","enum":\##
        ["normal","reclaiming","saving","refusing"]},"ballast_bytes":{"type":"integer","description":"Set aside for deletions on\##
         a full disk."},"ballast_given_up":{"type":"integer","description":"How often that was needed since the start."},"droppe\##
        d_segments":{"type":"integer","description":"Dropped within their retention for want of room, where that is allowed."},"\##
        refused_requests":{"type":"integer","description":"Exports refused for want of room."}}},"postgres":{"description":"The\##
         pool of connections.","type":"object","additionalProperties":false,"required":["connections","idle_connections","waitin\##
        g"],"properties":{"connections":{"type":"integer","description":"Open."},"idle_connections":{"type":"integer","descripti\##
        on":"Unused now."},"waiting":{"type":"integer","description":"Callers that wait for one."}}},"job_queues":{"type":["arra\##
        y","null"],"description":"Queues with open jobs; null while PostgreSQL does not answer.","items":{"type":"object","addit\##
        ionalProperties":false,"required":["queue","queued","leased","oldest_wait_seconds"],"properties":{"queue":{"type":"strin\##
        g","description":"Its name."},"queued":{"type":"integer","description":"Jobs that wait."},"leased":{"type":"integer","de\##
        scription":"Jobs at a worker."},"oldest_wait_seconds":{"type":["number","null"],"description":"Of the job that waits lon\##
        gest and may run."}}}}}}
        """##
}

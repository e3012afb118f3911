/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let tagPaths = [
        apikeysPaths,
        ingestPaths,
        operationsPaths,
        pricesPaths,
        projectsPaths,
        quarantinePaths,
        queryPaths,
        sessionsPaths,
        storePaths,
        tasksPaths,
        tracesPaths,
    ]

    static let tagSchemas = [
        apikeysSchemas,
        ingestSchemas,
        operationsSchemas,
        pricesSchemas,
        projectsSchemas,
        quarantineSchemas,
        querySchemas,
        sessionsSchemas,
        storeSchemas,
        tasksSchemas,
        tracesSchemas,
    ]

    static let frameMembers = ##"""
        "openapi":"3.1.0","info":{"title":"Spandrel","version":"1.0.0","description":"Traces of LLM applications: OTLP in, answe\##
        rs out.\n\nJSON is snake_case, times are RFC 3339 with nanoseconds, lists are `{\"data\": [...], \"next_cursor\": ...}`.\##
         Errors are RFC 9457 problem documents; on OTLP's paths they are `google.rpc.Status` in the encoding of the request. Eve\##
        ry reply carries `x-request-id`. Any request may also be answered 400 or 431 when it is not valid HTTP, 403 when a brows\##
        er sends it from an origin that is not allowed, 404 or 405 when its path or method is none of these, and 504 when it too\##
        k ten minutes.","license":{"name":"See the repository","identifier":"LicenseRef-Repository"}},"servers":[{"url":"http://\##
        127.0.0.1:4318","description":"The default of `spandrel serve`."}],"security":[{"bearer":[]},{"header":[]}],"tags":[{"na\##
        me":"Ingest","description":"Export requests of OpenTelemetry."},{"name":"Traces","description":"Whole traces and lists o\##
        f them."},{"name":"Sessions","description":"Conversations: traces that share a session id."},{"name":"Query","descriptio\##
        n":"Spans selected or grouped by a filter."},{"name":"Projects","description":"What spans, keys and prompts belong to."}\##
        ,{"name":"APIKeys","description":"Keys of projects."},{"name":"Tasks","description":"Long operations."},{"name":"Prices"\##
        ,"description":"What models cost, from when."},{"name":"Store","description":"Segments on disk."},{"name":"Quarantine","\##
        description":"Spans that were refused."},{"name":"Operations","description":"Health, metrics and this document."}]
        """##

    static let componentMembers = ##"""
        "securitySchemes":{"bearer":{"type":"http","scheme":"bearer","description":"An API key. A bare `Authorization: KEY` and\##
         Basic with the key as password are read, too."},"header":{"type":"apiKey","in":"header","name":"x-api-key","description\##
        ":"An API key; `api-key` is read, too."}},"responses":{"Malformed":{"description":"The request cannot be read: a paramet\##
        er, its JSON or the query in it.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"\##
        }}}},"Unauthenticated":{"description":"No API key, or none that opens anything.","content":{"application/problem+json":{\##
        "schema":{"$ref":"#/components/schemas/Problem"}}},"headers":{"WWW-Authenticate":{"description":"`Bearer`.","schema":{"t\##
        ype":"string"}}}},"Forbidden":{"description":"The key lacks the scope.","content":{"application/problem+json":{"schema":\##
        {"$ref":"#/components/schemas/Problem"}}}},"NotFound":{"description":"There is no such thing, or it belongs to somebody\##
         else.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"TooSlow":{"descripti\##
        on":"The body came too slowly.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}\##
        }},"Conflict":{"description":"Something of that name is there already.","content":{"application/problem+json":{"schema":\##
        {"$ref":"#/components/schemas/Problem"}}}},"TooLarge":{"description":"The body is larger than this operation reads.","co\##
        ntent":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"UnsupportedMediaType":{"descrip\##
        tion":"The body is of another type or encoding.","content":{"application/problem+json":{"schema":{"$ref":"#/components/s\##
        chemas/Problem"}}}},"Unprocessable":{"description":"Well-formed, but it cannot be done: a field means nothing here, or a\##
         query hit its limit.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Defec\##
        t":{"description":"A defect of the server; its log has the cause under the request id.","content":{"application/problem+\##
        json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Unavailable":{"description":"The server, its database or its\##
         store cannot do this now.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}},"h\##
        eaders":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}}
        """##

    static let frameSchemas = ##"""
        "Problem":{"description":"RFC 9457.","type":"object","additionalProperties":false,"required":["type","title","status","d\##
        etail","request_id","errors"],"properties":{"type":{"type":"string","description":"Kind of problem: `urn:spandrel:proble\##
        m:...`."},"title":{"type":"string","description":"The status in words."},"status":{"type":"integer","description":"The H\##
        TTP status."},"detail":{"type":"string","description":"What happened and what to do."},"request_id":{"type":"string","de\##
        scription":"As in `x-request-id` and in the server's log."},"errors":{"type":"array","description":"The fields at fault;\##
         empty when there are none.","items":{"type":"object","additionalProperties":false,"required":["field","message"],"prope\##
        rties":{"field":{"type":"string","description":"A parameter, or a path into the body."},"message":{"type":"string","desc\##
        ription":"What is wrong with it."}}}}}}
        """##
}

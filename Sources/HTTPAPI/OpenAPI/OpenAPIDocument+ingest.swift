/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let ingestPaths = ##"""
        "/v1/traces":{"post":{"tags":["Ingest"],"operationId":"exportTraces","summary":"Export spans (OTLP/HTTP)","description":\##
        "OTLP's own path. A 200 means the spans are on disk and visible to queries. Spans that must be refused are refused alone\##
        : `partial_success` counts them and they go to the quarantine. An identical body within 15 minutes is stored once. Needs\##
         the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-p\##
        ermission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"`ExportTraceServiceRequest`."}},"application/json":{"schema":{"type":"object","descript\##
        ion":"`ExportTraceServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"descript\##
        ion":"Stored, in whole or in part.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceSer\##
        viceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `Export\##
        TraceServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at all.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","\##
        description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","con\##
        tent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type\##
        ":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks th\##
        e scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"Th\##
        e project that was named is none of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.r\##
        pc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The me\##
        ssage `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","form\##
        at":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding\##
        .","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema"\##
        :{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a li\##
        mit of the key or of the project: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The me\##
        ssage `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"ty\##
        pe":"integer"}}}},"500":{"description":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mes\##
        sage `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot store now; try again.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds a\##
        fter which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/\##
        otel/v1/traces":{"post":{"tags":["Ingest"],"operationId":"exportTracesUnderOTel","summary":"Export spans (OTLP/HTTP)","d\##
        escription":"The same as `/v1/traces`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-En\##
        coding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","reque\##
        stBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "`ExportTraceServiceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportTraceServiceRequest\##
        ` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in par\##
        t.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400\##
        ":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `googl\##
        e.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"sche\##
        ma":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","de\##
        scription":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"applicatio\##
        n/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format\##
        ":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none\##
         of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-pro\##
        tobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"descrip\##
        tion":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"ap\##
        plication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},\##
        "413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/c\##
        omponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The\##
         message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bin\##
        ary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the projec\##
        t: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"a\##
        pplication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},\##
        "headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"descr\##
        iption":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"ap\##
        plication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},\##
        "503":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref\##
        ":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description"\##
        :"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","sche\##
        ma":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/public/otel/v1/traces":{"po\##
        st":{"tags":["Ingest"],"operationId":"exportTracesUnderAPIPublic","summary":"Export spans (OTLP/HTTP)","description":"Th\##
        e same as `/v1/traces`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be\##
         identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"requ\##
        ired":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportTraceS\##
        erviceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportTraceServiceRequest` in OTLP's JS\##
        ON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"sch\##
        ema":{"type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400":{"descriptio\##
        n":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"\##
        }},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`.\##
        "}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"Th\##
        e message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"sche\##
        ma":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","de\##
        scription":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller\##
        's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schem\##
        a":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The bod\##
        y came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-pr\##
        otobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"descri\##
        ption":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `googl\##
        e.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$\##
        ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descripti\##
        on":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-P\##
        olicy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-pr\##
        otobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Ret\##
        ry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defe\##
        ct of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-pro\##
        tobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"descrip\##
        tion":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components\##
        /schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `\##
        google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"in\##
        teger"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}}
        """##

    static let ingestSchemas = ##"""
        "ExportTraceServiceResponse":{"description":"Empty when everything was stored.","type":"object","additionalProperties":f\##
        alse,"required":[],"properties":{"partialSuccess":{"type":"object","additionalProperties":false,"required":[],"propertie\##
        s":{"rejectedSpans":{"type":"string","description":"How many, in decimal."},"errorMessage":{"type":"string","description\##
        ":"Why; a warning when none was rejected."}}}}},"RPCStatus":{"description":"`google.rpc.Status`.","type":"object","addit\##
        ionalProperties":false,"required":["code","message"],"properties":{"code":{"type":"integer","description":"A code of `go\##
        ogle.rpc.Code`."},"message":{"type":"string","description":"What happened and what to do."}}}
        """##
}

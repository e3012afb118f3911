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
        ion":"Stored, in whole or in part.","headers":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/\##
        receipts/{receipt_id}` says what became of the request.","schema":{"type":"string","pattern":"^[0-9a-f]{64}$"}}},"conten\##
        t":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400":{"descrip\##
        tion":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStat\##
        us"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Statu\##
        s`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"s\##
        chema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary",\##
        "description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the cal\##
        ler's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sc\##
        hema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The\##
         body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"de\##
        scription":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `g\##
        oogle.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descr\##
        iption":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLim\##
        it-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{\##
        "Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A\##
         defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"de\##
        scription":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/compo\##
        nents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mess\##
        age `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type\##
        ":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/traces":{"post":{"tags":["Ingest"\##
        ],"operationId":"exportTracesUnderOTel","summary":"Export spans (OTLP/HTTP)","description":"The same as `/v1/traces`, fo\##
        r clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or\##
         zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportTraceServiceRequest`."}},"applica\##
        tion/json":{"schema":{"type":"object","description":"`ExportTraceServiceRequest` in OTLP's JSON: lowerCamelCase, ids in\##
         hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part.","headers":{"x-spandrel-receipt":{"de\##
        scription":"The id of the receipt: `GET /api/v1/receipts/{receipt_id}` says what became of the request.","schema":{"type\##
        ":"string","pattern":"^[0-9a-f]{64}$"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTra\##
        ceServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `E\##
        xportTraceServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at all.","content":{"application/json"\##
        :{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bina\##
        ry","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{\##
        "type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lac\##
        ks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobu\##
        f":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description\##
        ":"The project that was named is none of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goo\##
        gle.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"T\##
        he message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or enc\##
        oding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sc\##
        hema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over\##
         a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"T\##
        he message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema"\##
        :{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"Th\##
        e message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot store now; try again.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"str\##
        ing","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seco\##
        nds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]\##
        }},"/api/public/otel/v1/traces":{"post":{"tags":["Ingest"],"operationId":"exportTracesUnderAPIPublic","summary":"Export\##
         spans (OTLP/HTTP)","description":"The same as `/v1/traces`, for clients that put this prefix before it. Needs the scope\##
         `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission"\##
        :"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"\##
        binary","description":"`ExportTraceServiceRequest`."}},"application/json":{"schema":{"type":"object","description":"`Exp\##
        ortTraceServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stor\##
        ed, in whole or in part.","headers":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/receipts/{\##
        receipt_id}` says what became of the request.","schema":{"type":"string","pattern":"^[0-9a-f]{64}$"}}},"content":{"appli\##
        cation/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"schema":{"\##
        type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400":{"description":"The\##
         body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"app\##
        lication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"\##
        401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The messa\##
        ge `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$\##
        ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descripti\##
        on":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","c\##
        ontent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"ty\##
        pe":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came\##
         too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf\##
        ":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description"\##
        :"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RP\##
        CStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.\##
        Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"T\##
        he message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy`\##
         says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf\##
        ":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-Aft\##
        er":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of\##
         the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf\##
        ":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description"\##
        :"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `googl\##
        e.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer\##
        "}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/v1/receipts/{receipt_id}":{"get":{"tags":["Inge\##
        st"],"operationId":"getReceipt","summary":"Get a receipt","description":"What became of an acknowledged export, by the i\##
        d that its answer carried in `x-spandrel-receipt` (over gRPC in the initial metadata): stored and since when visible, wh\##
        ich spans were refused and why, or which request it repeated. Only keys and users of the same project find it. Needs the\##
         scope `read`.","x-permission":"quarantine.read","parameters":[{"name":"receipt_id","in":"path","required":true,"descrip\##
        tion":"64 hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200\##
        ":{"description":"The receipt.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Receipt"}}}},"400"\##
        :{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/co\##
        mponents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"410":{"description":"It was kept once:\##
         receipts are kept for a bounded time and number.","content":{"application/problem+json":{"schema":{"$ref":"#/components\##
        /schemas/Problem"}}}},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"50\##
        3":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let ingestSchemas = ##"""
        "ExportTraceServiceResponse":{"description":"Empty when everything was stored.","type":"object","additionalProperties":f\##
        alse,"required":[],"properties":{"partialSuccess":{"type":"object","additionalProperties":false,"required":[],"propertie\##
        s":{"rejectedSpans":{"type":"string","description":"How many, in decimal."},"errorMessage":{"type":"string","description\##
        ":"Why; a warning when none was rejected."}}}}},"RPCStatus":{"description":"`google.rpc.Status`.","type":"object","addit\##
        ionalProperties":false,"required":["code","message"],"properties":{"code":{"type":"integer","description":"A code of `go\##
        ogle.rpc.Code`."},"message":{"type":"string","description":"What happened and what to do."}}},"Receipt":{"type":"object"\##
        ,"additionalProperties":false,"required":["id","status","received_at","visible_since","stored_spans","rejected_spans","m\##
        essage","rejections","unlisted_rejections","duplicate_of"],"properties":{"id":{"type":"string","description":"As asked f\##
        or."},"status":{"type":"string","description":"What became of the request: all of its spans are stored, some, none; it r\##
        epeated another; or it had none.","enum":["stored","partially_stored","rejected","duplicate","empty"]},"received_at":{"t\##
        ype":"string","description":"When it came in. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"visible_since":{"t\##
        ype":["string","null"],"description":"Since when its spans are in what queries see; of a request that was read back from\##
         the log after a crash, since that was done. Of a duplicate those of the first request. Null when none was stored.","for\##
        mat":"date-time"},"stored_spans":{"type":"integer","description":"Spans stored; of a duplicate by the first request."},"\##
        rejected_spans":{"type":"integer","description":"Spans refused."},"message":{"type":"string","description":"What `partia\##
        l_success` said; empty when it was not set."},"rejections":{"type":"array","description":"The first refused spans, at mo\##
        st 100, in the order of the request.","items":{"$ref":"#/components/schemas/ReceiptRejection"}},"unlisted_rejections":{"\##
        type":"integer","description":"Refused spans that are not listed."},"duplicate_of":{"type":["string","null"],"descriptio\##
        n":"The id of the receipt of the first request with this body; null when this was the first."}},"description":"What beca\##
        me of an acknowledged export."},"ReceiptRejection":{"type":"object","additionalProperties":false,"required":["index","re\##
        ason","explanation","trace_id","span_id"],"properties":{"index":{"type":"integer","description":"Position among all span\##
        s of the request, from 0."},"reason":{"type":["string","null"],"description":"Why it was refused, as the quarantine name\##
        s it; null where a version before receipts took the request."},"explanation":{"type":["string","null"],"description":"Th\##
        e rule in words; null for a reason of another version."},"trace_id":{"type":["string","null"],"description":"32 hexadeci\##
        mal digits; null when the span had none of that length."},"span_id":{"type":["string","null"],"description":"16 hexadeci\##
        mal digits; null when the span had none of that length."}},"description":"A span that was refused."}
        """##
}

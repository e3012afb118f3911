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
        teger"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/v1/logs":{"post":{"tags":["Ingest"],"operation\##
        Id":"exportLogs","summary":"Export log records (OTLP/HTTP)","description":"OTLP's own path. Stored are GenAI and excepti\##
        on events of spans: log records with a trace id and a span id whose event is named `gen_ai.*` or `exception`. They are s\##
        hown with their span, whichever of the two comes first; an evaluation's result also becomes a score of the span. All oth\##
        er records are rejected: `partial_success` counts them and says why. An identical body within 15 minutes is stored once.\##
         Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.\##
        ","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"st\##
        ring","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schema":{"type":"object","des\##
        cription":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"desc\##
        ription":"Stored, in whole or in part; what is of another kind is rejected.","content":{"application/json":{"schema":{"$\##
        ref":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"bi\##
        nary","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at a\##
        ll.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schem\##
        a":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API\##
         key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"\##
        application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}\##
        },"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/\##
        RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rp\##
        c.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application/json"\##
        :{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bina\##
        ry","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sen\##
        t or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-pr\##
        otobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"descri\##
        ption":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStat\##
        us"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Statu\##
        s`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds\##
         after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cann\##
        ot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicatio\##
        n/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers"\##
        :{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref"\##
        :"#/components/parameters/Project"}]}},"/otel/v1/logs":{"post":{"tags":["Ingest"],"operationId":"exportLogsUnderOTel","s\##
        ummary":"Export log records (OTLP/HTTP)","description":"The same as `/v1/logs`, for clients that put this prefix before\##
         it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompres\##
        sed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type"\##
        :"string","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schema":{"type":"object",\##
        "description":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"\##
        description":"Stored, in whole or in part; what is of another kind is rejected.","content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format"\##
        :"binary","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The body cannot be decoded\##
         at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No\##
         API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"\##
        }},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`.\##
        "}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/sche\##
        mas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `googl\##
        e.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application/j\##
        son":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"\##
        binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"str\##
        ing","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as\##
         sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"de\##
        scription":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPC\##
        Status"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.S\##
        tatus`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"str\##
        ing","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seco\##
        nds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{\##
        "application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"stri\##
        ng","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or c\##
        annot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applica\##
        tion/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"heade\##
        rs":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$r\##
        ef":"#/components/parameters/Project"}]}},"/api/public/otel/v1/logs":{"post":{"tags":["Ingest"],"operationId":"exportLog\##
        sUnderAPIPublic","summary":"Export log records (OTLP/HTTP)","description":"The same as `/v1/logs`, for clients that put\##
         this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64\##
         MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobu\##
        f":{"schema":{"type":"string","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schem\##
        a":{"type":"object","description":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"\##
        responses":{"200":{"description":"Stored, in whole or in part; what is of another kind is rejected.","content":{"applica\##
        tion/json":{"schema":{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"typ\##
        e":"string","format":"binary","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The bod\##
        y cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applica\##
        tion/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401"\##
        :{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components\##
        /schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `\##
        google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","conte\##
        nt":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":\##
        "string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too\##
         slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"La\##
        rger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCSta\##
        tus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Stat\##
        us`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/co\##
        mponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The m\##
        essage `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` say\##
        s which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":\##
        {"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the\##
         server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"Th\##
        e server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/\##
        RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rp\##
        c.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}\##
        }},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/v1/metrics":{"post":{"tags":["Ingest"],"operationId":"e\##
        xportMetrics","summary":"Export metrics (OTLP/HTTP)","description":"OTLP's own path. No metric is stored: `partial_succe\##
        ss` counts the data points and says so. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or z\##
        std; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"applic\##
        ation/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"applica\##
        tion/json":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids i\##
        n hexadecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/jso\##
        n":{"schema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"s\##
        tring","format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body\##
         cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicat\##
        ion/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":\##
        {"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `g\##
        oogle.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":\##
        "#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"\##
        The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","conten\##
        t":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"\##
        string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too s\##
        lowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sc\##
        hema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larg\##
        er than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mes\##
        sage `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says\##
         which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"s\##
        chema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{\##
        "description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the s\##
        erver.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sc\##
        hema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The\##
         server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/R\##
        PCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc\##
        .Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}\##
        },"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/metrics":{"post":{"tags":["Ingest"],"operationId\##
        ":"exportMetricsUnderOTel","summary":"Export metrics (OTLP/HTTP)","description":"The same as `/v1/metrics`, for clients\##
         that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at\##
         most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x\##
        -protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"application/js\##
        on":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexad\##
        ecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body cannot\##
         be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"descr\##
        iption":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.r\##
        pc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mes\##
        sage `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{\##
        "type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than\##
         64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"a\##
        pplication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}}\##
        ,"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `g\##
        oogle.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{\##
        "type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"descrip\##
        tion":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.",\##
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"\##
        type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server i\##
        s busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"\##
        }},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`.\##
        "}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parame\##
        ters":[{"$ref":"#/components/parameters/Project"}]}},"/api/public/otel/v1/metrics":{"post":{"tags":["Ingest"],"operation\##
        Id":"exportMetricsUnderAPIPublic","summary":"Export metrics (OTLP/HTTP)","description":"The same as `/v1/metrics`, for c\##
        lients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zs\##
        td; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"applica\##
        tion/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"applicat\##
        ion/json":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in\##
         hexadecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"st\##
        ring","format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body c\##
        annot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicatio\##
        n/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"\##
        description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goo\##
        gle.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"Th\##
        e message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content"\##
        :{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"st\##
        ring","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slo\##
        wly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sche\##
        ma":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger\##
         than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"\##
        }},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`.\##
        "}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The messa\##
        ge `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says wh\##
        ich.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sche\##
        ma":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"de\##
        scription":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the serv\##
        er.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schem\##
        a":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The ser\##
        ver is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCSt\##
        atus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Sta\##
        tus`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"p\##
        arameters":[{"$ref":"#/components/parameters/Project"}]}}
        """##

    static let ingestSchemas = ##"""
        "ExportTraceServiceResponse":{"description":"Empty when everything was stored.","type":"object","additionalProperties":f\##
        alse,"required":[],"properties":{"partialSuccess":{"type":"object","additionalProperties":false,"required":[],"propertie\##
        s":{"rejectedSpans":{"type":"string","description":"How many, in decimal."},"errorMessage":{"type":"string","description\##
        ":"Why; a warning when none was rejected."}}}}},"RPCStatus":{"description":"`google.rpc.Status`.","type":"object","addit\##
        ionalProperties":false,"required":["code","message"],"properties":{"code":{"type":"integer","description":"A code of `go\##
        ogle.rpc.Code`."},"message":{"type":"string","description":"What happened and what to do."}}},"ExportLogsServiceResponse\##
        ":{"description":"Empty when everything was stored.","type":"object","additionalProperties":false,"required":[],"propert\##
        ies":{"partialSuccess":{"type":"object","additionalProperties":false,"required":[],"properties":{"rejectedLogRecords":{"\##
        type":"string","description":"How many, in decimal."},"errorMessage":{"type":"string","description":"Why; a warning when\##
         none was rejected."}}}}},"ExportMetricsServiceResponse":{"description":"Empty when the request had no data points.","ty\##
        pe":"object","additionalProperties":false,"required":[],"properties":{"partialSuccess":{"type":"object","additionalPrope\##
        rties":false,"required":[],"properties":{"rejectedDataPoints":{"type":"string","description":"How many, in decimal."},"e\##
        rrorMessage":{"type":"string","description":"Why; a warning when none was rejected."}}}}}
        """##
}

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
        receipts/{receipt_id}` says what became of the request. Of a request whose resources choose among projects, one of each\##
         project, the first 32.","schema":{"type":"string","pattern":"^[0-9a-f]{64}(, [0-9a-f]{64})*$"}}},"content":{"applicatio\##
        n/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"schema":{"type"\##
        :"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400":{"description":"The body\##
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
        },"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/traces":{"post":{"tags":["Ingest"],"operationId"\##
        :"exportTracesUnderOTel","summary":"Export spans (OTLP/HTTP)","description":"The same as `/v1/traces`, for clients that\##
         put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most\##
         64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-prot\##
        obuf":{"schema":{"type":"string","format":"binary","description":"`ExportTraceServiceRequest`."}},"application/json":{"s\##
        chema":{"type":"object","description":"`ExportTraceServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}\##
        }}},"responses":{"200":{"description":"Stored, in whole or in part.","headers":{"x-spandrel-receipt":{"description":"The\##
         id of the receipt: `GET /api/v1/receipts/{receipt_id}` says what became of the request. Of a request whose resources ch\##
        oose among projects, one of each project, the first 32.","schema":{"type":"string","pattern":"^[0-9a-f]{64}(, [0-9a-f]{6\##
        4})*$"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}\##
        },"400":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/component\##
        s/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message\##
         `google.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json"\##
        :{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bina\##
        ry","description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named\##
         is none of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{\##
        "description":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$r\##
        ef":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descriptio\##
        n":"The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","forma\##
        t":"binary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the\##
         project: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":\##
        {"description":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus\##
        "}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`\##
        ."}}}},"503":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descr\##
        iption":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.\##
        ","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/public/otel/v1/trace\##
        s":{"post":{"tags":["Ingest"],"operationId":"exportTracesUnderAPIPublic","summary":"Export spans (OTLP/HTTP)","descripti\##
        on":"The same as `/v1/traces`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding`\##
         may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody"\##
        :{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`Expor\##
        tTraceServiceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportTraceServiceRequest` in OT\##
        LP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part.","he\##
        aders":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/receipts/{receipt_id}` says what became\##
         of the request. Of a request whose resources choose among projects, one of each project, the first 32.","schema":{"type\##
        ":"string","pattern":"^[0-9a-f]{64}(, [0-9a-f]{64})*$"}}},"content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description\##
        ":"The message `ExportTraceServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at all.","content":{"\##
        application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"strin\##
        g","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API key, or none that\##
         opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-prot\##
        obuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"403":{"descript\##
        ion":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"4\##
        04":{"description":"The project that was named is none of the caller's.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"application/json":{"\##
        schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary"\##
        ,"description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.\##
        ","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":\##
        {"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"description":"Another co\##
        ntent type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application\##
        /x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"429":{"d\##
        escription":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"application/json":{"\##
        schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary"\##
        ,"description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try\##
         again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"application/json":{"s\##
        chema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary",\##
        "description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot store now; try a\##
        gain.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sch\##
        ema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"d\##
        escription":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/para\##
        meters/Project"}]}},"/v1/logs":{"post":{"tags":["Ingest"],"operationId":"exportLogs","summary":"Export log records (OTLP\##
        /HTTP)","description":"OTLP's own path. Stored are GenAI and exception events of spans: log records with a trace id and\##
         a span id whose event is named `gen_ai.*` or `exception`. They are shown with their span, whichever of the two comes fi\##
        rst; an evaluation's result also becomes a score of the span. All other records are rejected: `partial_success` counts t\##
        hem and says why. An identical body within 15 minutes is stored once. Needs the scope `ingest`. `Content-Encoding` may b\##
        e identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"req\##
        uired":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportLogsS\##
        erviceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportLogsServiceRequest` in OTLP's JSO\##
        N: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part; what is of a\##
        nother kind is rejected.","headers":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/receipts/{\##
        receipt_id}` says what became of the request. Of a request whose resources choose among projects, one of each project, t\##
        he first 32. Absent where nothing of the request is stored.","schema":{"type":"string","pattern":"^[0-9a-f]{64}(, [0-9a-\##
        f]{64})*$"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"applic\##
        ation/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportLogsServiceResponse`."}\##
        }}},"400":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/compone\##
        nts/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The messag\##
        e `google.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bin\##
        ary","description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named\##
         is none of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{\##
        "description":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$r\##
        ef":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descriptio\##
        n":"The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","forma\##
        t":"binary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the\##
         project: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":\##
        {"description":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus\##
        "}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`\##
        ."}}}},"503":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descr\##
        iption":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.\##
        ","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/logs":{"post":{"\##
        tags":["Ingest"],"operationId":"exportLogsUnderOTel","summary":"Export log records (OTLP/HTTP)","description":"The same\##
         as `/v1/logs`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity\##
        , gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":tru\##
        e,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportLogsServiceRequ\##
        est`."}},"application/json":{"schema":{"type":"object","description":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCa\##
        melCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part; what is of another kin\##
        d is rejected.","headers":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/receipts/{receipt_id\##
        }` says what became of the request. Of a request whose resources choose among projects, one of each project, the first 3\##
        2. Absent where nothing of the request is stored.","schema":{"type":"string","pattern":"^[0-9a-f]{64}(, [0-9a-f]{64})*$"\##
        }}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-pr\##
        otobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportLogsServiceResponse`."}}}},"400":\##
        {"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.\##
        rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","desc\##
        ription":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":\##
        "binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none o\##
        f the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-proto\##
        buf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"descripti\##
        on":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"4\##
        13":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The me\##
        ssage `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{\##
        "schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary\##
        ","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project:\##
         `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"app\##
        lication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"h\##
        eaders":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"descrip\##
        tion":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"5\##
        03":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":\##
        "#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"\##
        The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema\##
        ":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/public/otel/v1/logs":{"post":\##
        {"tags":["Ingest"],"operationId":"exportLogsUnderAPIPublic","summary":"Export log records (OTLP/HTTP)","description":"Th\##
        e same as `/v1/logs`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be id\##
        entity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"require\##
        d":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportLogsServi\##
        ceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportLogsServiceRequest` in OTLP's JSON: l\##
        owerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part; what is of anoth\##
        er kind is rejected.","headers":{"x-spandrel-receipt":{"description":"The id of the receipt: `GET /api/v1/receipts/{rece\##
        ipt_id}` says what became of the request. Of a request whose resources choose among projects, one of each project, the f\##
        irst 32. Absent where nothing of the request is stored.","schema":{"type":"string","pattern":"^[0-9a-f]{64}(, [0-9a-f]{6\##
        4})*$"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"applicatio\##
        n/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportLogsServiceResponse`."}}}},\##
        "400":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `g\##
        oogle.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"\##
        schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary"\##
        ,"description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","fo\##
        rmat":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is\##
         none of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"de\##
        scription":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}\##
        },"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."\##
        }}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":\##
        "binary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the pr\##
        oject: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}\##
        },"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."\##
        }}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"d\##
        escription":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}}\##
        ,"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}\##
        }}},"503":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descript\##
        ion":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","\##
        schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/v1/metrics":{"post":{"tags"\##
        :["Ingest"],"operationId":"exportMetrics","summary":"Export metrics (OTLP/HTTP)","description":"OTLP's own path. No metr\##
        ic is stored: `partial_success` counts the data points and says so. Needs the scope `ingest`. `Content-Encoding` may be\##
         identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"requ\##
        ired":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetric\##
        sServiceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP'\##
        s JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.\##
        ","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"4\##
        00":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goo\##
        gle.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","\##
        description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","form\##
        at":"binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is no\##
        ne of the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"descr\##
        iption":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"\##
        application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}\##
        },"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"Th\##
        e message `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/jso\##
        n":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bi\##
        nary","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the proje\##
        ct: `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"\##
        application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}\##
        ,"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"desc\##
        ription":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"a\##
        pplication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}}\##
        ,"503":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$re\##
        f":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description\##
        ":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","sch\##
        ema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/metrics":{"post":{"tag\##
        s":["Ingest"],"operationId":"exportMetricsUnderOTel","summary":"Export metrics (OTLP/HTTP)","description":"The same as `\##
        /v1/metrics`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity,\##
         gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true\##
        ,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRe\##
        quest`."}},"application/json":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lo\##
        werCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{\##
        "schema":{"type":"string","format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"desc\##
        ription":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCS\##
        tatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.St\##
        atus`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$r\##
        ef":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","descriptio\##
        n":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binar\##
        y","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the\##
         caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":\##
        {"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"\##
        The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{\##
        "description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/componen\##
        ts/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message\##
         `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"sche\##
        ma":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","de\##
        scription":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `Rate\##
        Limit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers\##
        ":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":\##
        "A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicatio\##
        n/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"\##
        description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The me\##
        ssage `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"ty\##
        pe":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/public/otel/v1/metrics":{"post":{"t\##
        ags":["Ingest"],"operationId":"exportMetricsUnderAPIPublic","summary":"Export metrics (OTLP/HTTP)","description":"The sa\##
        me as `/v1/metrics`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be ide\##
        ntity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required\##
        ":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsSer\##
        viceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JS\##
        ON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","c\##
        ontent":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-proto\##
        buf":{"schema":{"type":"string","format":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":\##
        {"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.\##
        rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","desc\##
        ription":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":\##
        "binary","description":"The message `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none o\##
        f the caller's.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-proto\##
        buf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"descripti\##
        on":"The body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"4\##
        13":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The me\##
        ssage `google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{\##
        "schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary\##
        ","description":"The message `google.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project:\##
         `RateLimit-Policy` says which.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"app\##
        lication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"h\##
        eaders":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"descrip\##
        tion":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"5\##
        03":{"description":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":\##
        "#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"\##
        The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema\##
        ":{"type":"integer"}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/v1/receipts/{receipt_id}":{"g\##
        et":{"tags":["Ingest"],"operationId":"getReceipt","summary":"Get a receipt","description":"What became of an acknowledge\##
        d export, by the id that its answer carried in `x-spandrel-receipt` (over gRPC in the initial metadata): stored and sinc\##
        e when visible, which spans were refused and why, or which request it repeated. Only keys and users of the same project\##
         find it. Needs the scope `read`.","x-permission":"quarantine.read","parameters":[{"name":"receipt_id","in":"path","requ\##
        ired":true,"description":"64 hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}\##
        ],"responses":{"200":{"description":"The receipt.","content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /Receipt"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},\##
        "403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"410":{"description":\##
        "It was kept once: receipts are kept for a bounded time and number.","content":{"application/problem+json":{"schema":{"$\##
        ref":"#/components/schemas/Problem"}}}},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/resp\##
        onses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
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
        rrorMessage":{"type":"string","description":"Why; a warning when none was rejected."}}}}},"Receipt":{"type":"object","ad\##
        ditionalProperties":false,"required":["id","status","received_at","visible_since","stored_spans","rejected_spans","messa\##
        ge","rejections","unlisted_rejections","duplicate_of"],"properties":{"id":{"type":"string","description":"As asked for."\##
        },"status":{"type":"string","description":"What became of the request: all of its spans are stored, some, none; it repea\##
        ted another; or it had none.","enum":["stored","partially_stored","rejected","duplicate","empty"]},"received_at":{"type"\##
        :"string","description":"When it came in. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"visible_since":{"type"\##
        :["string","null"],"description":"Since when its spans are in what queries see; of a request that was read back from the\##
         log after a crash, since that was done. Of a duplicate those of the first request. Null when none was stored.","format"\##
        :"date-time"},"stored_spans":{"type":"integer","description":"Spans stored; of a duplicate by the first request."},"reje\##
        cted_spans":{"type":"integer","description":"Spans refused."},"message":{"type":"string","description":"What `partial_su\##
        ccess` said; empty when it was not set."},"rejections":{"type":"array","description":"The first refused spans, at most 1\##
        00, in the order of the request.","items":{"$ref":"#/components/schemas/ReceiptRejection"}},"unlisted_rejections":{"type\##
        ":"integer","description":"Refused spans that are not listed."},"duplicate_of":{"type":["string","null"],"description":"\##
        The id of the receipt of the first request with this body; null when this was the first."}},"description":"What became o\##
        f an acknowledged export."},"ReceiptRejection":{"type":"object","additionalProperties":false,"required":["index","reason\##
        ","explanation","trace_id","span_id"],"properties":{"index":{"type":"integer","description":"Position among all spans of\##
         the request, from 0."},"reason":{"type":["string","null"],"description":"Why it was refused, as the quarantine names it\##
        ; null where a version before receipts took the request."},"explanation":{"type":["string","null"],"description":"The ru\##
        le in words; null for a reason of another version."},"trace_id":{"type":["string","null"],"description":"32 hexadecimal\##
         digits; null when the span had none of that length."},"span_id":{"type":["string","null"],"description":"16 hexadecimal\##
         digits; null when the span had none of that length."}},"description":"A span that was refused."}
        """##
}

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
        "}}}}},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/v1/logs":{"post":{"tags":["Ingest"],"operationId":"\##
        exportLogs","summary":"Export log records (OTLP/HTTP)","description":"OTLP's own path. Stored are GenAI and exception ev\##
        ents of spans: log records with a trace id and a span id whose event is named `gen_ai.*` or `exception`. They are shown\##
         with their span, whichever of the two comes first; an evaluation's result also becomes a score of the span. All other r\##
        ecords are rejected: `partial_success` counts them and says why. An identical body within 15 minutes is stored once. Nee\##
        ds the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","x\##
        -permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string\##
        ","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schema":{"type":"object","descrip\##
        tion":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"descript\##
        ion":"Stored, in whole or in part; what is of another kind is rejected.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary\##
        ","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at all."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{\##
        "type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API key,\##
         or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appli\##
        cation/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"40\##
        3":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCSt\##
        atus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Sta\##
        tus`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","\##
        description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"applica\##
        tion/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","for\##
        mat":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent or\##
         decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protob\##
        uf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"descriptio\##
        n":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}\##
        },"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."\##
        }}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","fo\##
        rmat":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds afte\##
        r which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"applica\##
        tion/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","for\##
        mat":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot st\##
        ore now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Re\##
        try-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/c\##
        omponents/parameters/Project"}]}},"/otel/v1/logs":{"post":{"tags":["Ingest"],"operationId":"exportLogsUnderOTel","summar\##
        y":"Export log records (OTLP/HTTP)","description":"The same as `/v1/logs`, for clients that put this prefix before it. N\##
        eeds the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.",\##
        "x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"stri\##
        ng","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schema":{"type":"object","descr\##
        iption":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"descri\##
        ption":"Stored, in whole or in part; what is of another kind is rejected.","content":{"application/json":{"schema":{"$re\##
        f":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"bina\##
        ry","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at all\##
        .","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema"\##
        :{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No API ke\##
        y, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"app\##
        lication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"\##
        403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPC\##
        Status"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.S\##
        tatus`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application/json":{"\##
        schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary"\##
        ,"description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"appli\##
        cation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","f\##
        ormat":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent o\##
        r decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-proto\##
        buf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"descripti\##
        on":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"\##
        }},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`.\##
        "}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"appli\##
        cation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","f\##
        ormat":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds aft\##
        er which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","fo\##
        rmat":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot s\##
        tore now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-\##
        protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"R\##
        etry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref":"#/\##
        components/parameters/Project"}]}},"/api/public/otel/v1/logs":{"post":{"tags":["Ingest"],"operationId":"exportLogsUnderA\##
        PIPublic","summary":"Export log records (OTLP/HTTP)","description":"The same as `/v1/logs`, for clients that put this pr\##
        efix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, als\##
        o decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"sche\##
        ma":{"type":"string","format":"binary","description":"`ExportLogsServiceRequest`."}},"application/json":{"schema":{"type\##
        ":"object","description":"`ExportLogsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses\##
        ":{"200":{"description":"Stored, in whole or in part; what is of another kind is rejected.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/ExportLogsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"strin\##
        g","format":"binary","description":"The message `ExportLogsServiceResponse`."}}}},"400":{"description":"The body cannot\##
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
        ters":[{"$ref":"#/components/parameters/Project"}]}},"/v1/metrics":{"post":{"tags":["Ingest"],"operationId":"exportMetri\##
        cs","summary":"Export metrics (OTLP/HTTP)","description":"OTLP's own path. No metric is stored: `partial_success` counts\##
         the data points and says so. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at mo\##
        st 64 MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-pr\##
        otobuf":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"application/json"\##
        :{"schema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadeci\##
        mal."}}}},"responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/json":{"schem\##
        a":{"$ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","fo\##
        rmat":"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body cannot be\##
         decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-prot\##
        obuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"descript\##
        ion":"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RP\##
        CStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.\##
        Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/compone\##
        nts/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The messag\##
        e `google.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"appli\##
        cation/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","f\##
        ormat":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","c\##
        ontent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"ty\##
        pe":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64\##
         MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"4\##
        15":{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/sch\##
        emas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goog\##
        le.rpc.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","c\##
        ontent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"ty\##
        pe":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"descriptio\##
        n":"Seconds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","co\##
        ntent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"typ\##
        e":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is b\##
        usy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},\##
        "application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}\##
        },"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameter\##
        s":[{"$ref":"#/components/parameters/Project"}]}},"/otel/v1/metrics":{"post":{"tags":["Ingest"],"operationId":"exportMet\##
        ricsUnderOTel","summary":"Export metrics (OTLP/HTTP)","description":"The same as `/v1/metrics`, for clients that put thi\##
        s prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB,\##
         also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"application/json":{"schema"\##
        :{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},\##
        "responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format":"bin\##
        ary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body cannot be decoded at\##
         all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"sch\##
        ema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"No AP\##
        I key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},\##
        "application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}\##
        }},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.r\##
        pc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"bin\##
        ary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"a\##
        pplication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string\##
        ","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as se\##
        nt or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-p\##
        rotobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"descr\##
        iption":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCSta\##
        tus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Stat\##
        us`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","content":{"a\##
        pplication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string\##
        ","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds\##
         after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string"\##
        ,"format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cann\##
        ot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicatio\##
        n/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers"\##
        :{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{"$ref"\##
        :"#/components/parameters/Project"}]}},"/api/public/otel/v1/metrics":{"post":{"tags":["Ingest"],"operationId":"exportMet\##
        ricsUnderAPIPublic","summary":"Export metrics (OTLP/HTTP)","description":"The same as `/v1/metrics`, for clients that pu\##
        t this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64\##
         MiB, also decompressed.","x-permission":"spans.ingest","requestBody":{"required":true,"content":{"application/x-protobu\##
        f":{"schema":{"type":"string","format":"binary","description":"`ExportMetricsServiceRequest`."}},"application/json":{"sc\##
        hema":{"type":"object","description":"`ExportMetricsServiceRequest` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."\##
        }}}},"responses":{"200":{"description":"None was stored, as the answer says.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/ExportMetricsServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","format"\##
        :"binary","description":"The message `ExportMetricsServiceResponse`."}}}},"400":{"description":"The body cannot be decod\##
        ed at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":\##
        {"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description":"\##
        No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatu\##
        s"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status\##
        `."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goo\##
        gle.rpc.Status`."}}}},"404":{"description":"The project that was named is none of the caller's.","content":{"application\##
        /json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format"\##
        :"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"s\##
        tring","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB,\##
         as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applicati\##
        on/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{\##
        "description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/\##
        RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rp\##
        c.Status`."}}}},"429":{"description":"Over a limit of the key or of the project: `RateLimit-Policy` says which.","conten\##
        t":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"\##
        string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"S\##
        econds after which to try again.","schema":{"type":"integer"}}}},"500":{"description":"A defect of the server.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"s\##
        tring","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy o\##
        r cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"he\##
        aders":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}},"parameters":[{\##
        "$ref":"#/components/parameters/Project"}]}},"/api/v1/receipts/{receipt_id}":{"get":{"tags":["Ingest"],"operationId":"ge\##
        tReceipt","summary":"Get a receipt","description":"What became of an acknowledged export, by the id that its answer carr\##
        ied in `x-spandrel-receipt` (over gRPC in the initial metadata): stored and since when visible, which spans were refused\##
         and why, or which request it repeated. Only keys and users of the same project find it. Needs the scope `read`.","x-per\##
        mission":"quarantine.read","parameters":[{"name":"receipt_id","in":"path","required":true,"description":"64 hexadecimal\##
         digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The\##
         receipt.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Receipt"}}}},"400":{"$ref":"#/component\##
        s/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Fo\##
        rbidden"},"404":{"$ref":"#/components/responses/NotFound"},"410":{"description":"It was kept once: receipts are kept for\##
         a bounded time and number.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},\##
        "429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/componen\##
        ts/responses/Unavailable"}}}}
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

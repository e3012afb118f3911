/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let ingestPaths = ##"""
        "/v1/traces":{"post":{"tags":["Ingest"],"operationId":"exportTraces","summary":"Export spans (OTLP/HTTP)","description":\##
        "OTLP's own path. A 200 means the spans are on disk and visible to queries. Spans that must be refused are refused alone\##
        : `partial_success` counts them and they go to the quarantine. An identical body within 15 minutes is stored once. Needs\##
         the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","req\##
        uestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary","description\##
        ":"`ExportTraceServiceRequest`."}},"application/json":{"schema":{"type":"object","description":"`ExportTraceServiceReque\##
        st` in OTLP's JSON: lowerCamelCase, ids in hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in p\##
        art.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x\##
        -protobuf":{"schema":{"type":"string","format":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"4\##
        00":{"description":"The body cannot be decoded at all.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `goo\##
        gle.rpc.Status`."}}}},"401":{"description":"No API key, or none that opens anything.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","\##
        description":"The message `google.rpc.Status`."}}}},"403":{"description":"The key lacks the scope.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","form\##
        at":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","cont\##
        ent":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type"\##
        :"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 Mi\##
        B, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"applica\##
        tion/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"415"\##
        :{"description":"Another content type or encoding.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.\##
        rpc.Status`."}}}},"500":{"description":"A defect of the server.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mes\##
        sage `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot store now; try again.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string",\##
        "format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds a\##
        fter which to try again.","schema":{"type":"integer"}}}}}}},"/otel/v1/traces":{"post":{"tags":["Ingest"],"operationId":"\##
        exportTracesUnderOTel","summary":"Export spans (OTLP/HTTP)","description":"The same as `/v1/traces`, for clients that pu\##
        t this prefix before it. Needs the scope `ingest`. `Content-Encoding` may be identity, gzip, deflate or zstd; at most 64\##
         MiB, also decompressed.","requestBody":{"required":true,"content":{"application/x-protobuf":{"schema":{"type":"string",\##
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
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"408":{"description":"Th\##
        e body came too slowly.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application\##
        /x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"413":{"d\##
        escription":"Larger than 64 MiB, as sent or decompressed.","content":{"application/json":{"schema":{"$ref":"#/components\##
        /schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `\##
        google.rpc.Status`."}}}},"415":{"description":"Another content type or encoding.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","desc\##
        ription":"The message `google.rpc.Status`."}}}},"500":{"description":"A defect of the server.","content":{"application/j\##
        son":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"\##
        binary","description":"The message `google.rpc.Status`."}}}},"503":{"description":"The server is busy or cannot store no\##
        w; try again.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobu\##
        f":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}},"headers":{"Retry-Af\##
        ter":{"description":"Seconds after which to try again.","schema":{"type":"integer"}}}}}}},"/api/public/otel/v1/traces":{\##
        "post":{"tags":["Ingest"],"operationId":"exportTracesUnderAPIPublic","summary":"Export spans (OTLP/HTTP)","description":\##
        "The same as `/v1/traces`, for clients that put this prefix before it. Needs the scope `ingest`. `Content-Encoding` may\##
         be identity, gzip, deflate or zstd; at most 64 MiB, also decompressed.","requestBody":{"required":true,"content":{"appl\##
        ication/x-protobuf":{"schema":{"type":"string","format":"binary","description":"`ExportTraceServiceRequest`."}},"applica\##
        tion/json":{"schema":{"type":"object","description":"`ExportTraceServiceRequest` in OTLP's JSON: lowerCamelCase, ids in\##
         hexadecimal."}}}},"responses":{"200":{"description":"Stored, in whole or in part.","content":{"application/json":{"sche\##
        ma":{"$ref":"#/components/schemas/ExportTraceServiceResponse"}},"application/x-protobuf":{"schema":{"type":"string","for\##
        mat":"binary","description":"The message `ExportTraceServiceResponse`."}}}},"400":{"description":"The body cannot be dec\##
        oded at all.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf\##
        ":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"401":{"description"\##
        :"No API key, or none that opens anything.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCSta\##
        tus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Stat\##
        us`."}}}},"403":{"description":"The key lacks the scope.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `g\##
        oogle.rpc.Status`."}}}},"408":{"description":"The body came too slowly.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":\##
        "The message `google.rpc.Status`."}}}},"413":{"description":"Larger than 64 MiB, as sent or decompressed.","content":{"a\##
        pplication/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string\##
        ","format":"binary","description":"The message `google.rpc.Status`."}}}},"415":{"description":"Another content type or e\##
        ncoding.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/x-protobuf":{"\##
        schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"500":{"description":"A\##
         defect of the server.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RPCStatus"}},"application/\##
        x-protobuf":{"schema":{"type":"string","format":"binary","description":"The message `google.rpc.Status`."}}}},"503":{"de\##
        scription":"The server is busy or cannot store now; try again.","content":{"application/json":{"schema":{"$ref":"#/compo\##
        nents/schemas/RPCStatus"}},"application/x-protobuf":{"schema":{"type":"string","format":"binary","description":"The mess\##
        age `google.rpc.Status`."}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type\##
        ":"integer"}}}}}}}
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

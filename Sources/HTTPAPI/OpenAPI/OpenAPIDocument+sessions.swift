/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let sessionsPaths = ##"""
        "/api/v1/sessions":{"get":{"tags":["Sessions"],"operationId":"listSessions","summary":"List sessions","description":"A s\##
        ession is listed when one of its spans matches the filter and starts within the range. Needs the scope `read`.","x-permi\##
        ssion":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"filter","in":"query","required":f\##
        alse,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_gt]=100`.","schema":{"type":"string"}},{"n\##
        ame":"from","in":"query","required":false,"description":"Spans that start at this time or later.","schema":{"type":"stri\##
        ng"}},{"name":"to","in":"query","required":false,"description":"Spans that start before this time.","schema":{"type":"st\##
        ring"}},{"name":"sort","in":"query","required":false,"description":"What to sort by; a minus before it means descending.\##
        ","schema":{"type":"string","enum":["last_time","-last_time","first_time","-first_time","trace_count","-trace_count","sp\##
        an_count","-span_count","error_count","-error_count","total_tokens","-total_tokens","cost","-cost"],"default":"-last_tim\##
        e"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum\##
        ":1,"maximum":1000,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the pag\##
        e before.","schema":{"type":"string"}},{"name":"fields","in":"query","required":false,"description":"Names of fields wit\##
        h commas between them; all when it is missing.","schema":{"type":"string"}},{"name":"explain","in":"query","required":fa\##
        lse,"description":"Tell what was read and what was skipped.","schema":{"type":"boolean","default":false}}],"responses":{\##
        "200":{"description":"A page of sessions.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Session\##
        List"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403\##
        ":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/componen\##
        ts/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defec\##
        t"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/sessions/{session_id}":{"get":{"tags":["Sessions"],"\##
        operationId":"getSession","summary":"Get a session","description":"Its figures and its traces, in the order they began.\##
         Needs the scope `read`.","x-permission":"traces.read","parameters":[{"name":"session_id","in":"path","required":true,"d\##
        escription":"The session's id, percent-encoded.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},\##
        {"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"\##
        maximum":1000,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page bef\##
        ore.","schema":{"type":"string"}}],"responses":{"200":{"description":"The session.","content":{"application/json":{"sche\##
        ma":{"$ref":"#/components/schemas/Session"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compon\##
        ents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses\##
        /NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":\##
        {"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let sessionsSchemas = ##"""
        "SessionSummary":{"description":"One session as a row of a list. With `fields`, only those.","type":"object","additional\##
        Properties":false,"required":[],"properties":{"session_id":{"type":"string","description":"The session."},"first_time":{\##
        "type":"string","description":"Start of its earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_\##
        time":{"type":"string","description":"Start of its latest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"\##
        trace_count":{"type":"integer","description":"Traces."},"span_count":{"type":"integer","description":"Spans."},"error_co\##
        unt":{"type":"integer","description":"Spans with the status error."},"input_tokens":{"type":["integer","null"],"descript\##
        ion":"Sum."},"output_tokens":{"type":["integer","null"],"description":"Sum."},"total_tokens":{"type":["integer","null"],\##
        "description":"Sum."},"cost":{"type":["number","null"],"description":"US dollars."},"users":{"type":"array","description\##
        ":"Users seen.","items":{"type":"string"}},"models":{"type":"array","description":"Models called.","items":{"type":"stri\##
        ng"}}}},"SessionList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"dat\##
        a":{"type":"array","description":"Sessions.","items":{"$ref":"#/components/schemas/SessionSummary"}},"next_cursor":{"typ\##
        e":["string","null"],"description":"For the next page; null on the last one."},"explain":{"$ref":"#/components/schemas/E\##
        xplanation"}}},"Session":{"description":"A session with its traces.","type":"object","additionalProperties":false,"requi\##
        red":["session_id","first_time","last_time","trace_count","span_count","error_count","input_tokens","output_tokens","tot\##
        al_tokens","cost","users","models","traces","next_cursor"],"properties":{"session_id":{"type":"string","description":"Th\##
        e session."},"first_time":{"type":"string","description":"Start of its earliest span. RFC 3339 with nanoseconds, UTC.","\##
        format":"date-time"},"last_time":{"type":"string","description":"Start of its latest span. RFC 3339 with nanoseconds, UT\##
        C.","format":"date-time"},"trace_count":{"type":"integer","description":"Traces."},"span_count":{"type":"integer","descr\##
        iption":"Spans."},"error_count":{"type":"integer","description":"Spans with the status error."},"input_tokens":{"type":[\##
        "integer","null"],"description":"Sum."},"output_tokens":{"type":["integer","null"],"description":"Sum."},"total_tokens":\##
        {"type":["integer","null"],"description":"Sum."},"cost":{"type":["number","null"],"description":"US dollars."},"users":{\##
        "type":"array","description":"Users seen.","items":{"type":"string"}},"models":{"type":"array","description":"Models cal\##
        led.","items":{"type":"string"}},"traces":{"type":"array","description":"Its traces.","items":{"$ref":"#/components/sche\##
        mas/TraceSummary"}},"next_cursor":{"type":["string","null"],"description":"For more of its traces."}}}
        """##
}

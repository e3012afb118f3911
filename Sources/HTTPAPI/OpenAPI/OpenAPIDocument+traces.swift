/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let tracesPaths = ##"""
        "/api/v1/traces":{"get":{"tags":["Traces"],"operationId":"listTraces","summary":"List traces","description":"A trace is\##
         listed when one of its spans matches the filter and starts within the range; its figures are of all its spans. Needs th\##
        e scope `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"filter",\##
        "in":"query","required":false,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_gt]=100`.","schem\##
        a":{"type":"string"}},{"name":"from","in":"query","required":false,"description":"Spans that start at this time or later\##
        .","schema":{"type":"string"}},{"name":"to","in":"query","required":false,"description":"Spans that start before this ti\##
        me.","schema":{"type":"string"}},{"name":"sort","in":"query","required":false,"description":"What to sort by; a minus be\##
        fore it means descending.","schema":{"type":"string","enum":["start_time","-start_time","duration_ms","-duration_ms","sp\##
        an_count","-span_count","error_count","-error_count","total_tokens","-total_tokens","cost","-cost"],"default":"-start_ti\##
        me"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimu\##
        m":1,"maximum":1000,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the pa\##
        ge before.","schema":{"type":"string"}},{"name":"fields","in":"query","required":false,"description":"Names of fields wi\##
        th commas between them; all when it is missing.","schema":{"type":"string"}},{"name":"explain","in":"query","required":f\##
        alse,"description":"Tell what was read and what was skipped.","schema":{"type":"boolean","default":false}}],"responses":\##
        {"200":{"description":"A page of traces.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceLis\##
        t"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{\##
        "$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/\##
        responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"}\##
        ,"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/{trace_id}":{"get":{"tags":["Traces"],"operation\##
        Id":"getTrace","summary":"Get a trace","description":"All spans of a trace, in tree order, or as OTLP JSON. Needs the sc\##
        ope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","in":"path","required":true,"description":"32\##
         hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"format","in":"quer\##
        y","required":false,"description":"`otlp`: OTLP's `TracesData` in JSON, with everything the senders sent.","schema":{"ty\##
        pe":"string","enum":["json","otlp"],"default":"json"}}],"responses":{"200":{"description":"The trace.","content":{"appli\##
        cation/json":{"schema":{"oneOf":[{"$ref":"#/components/schemas/Trace"},{"$ref":"#/components/schemas/TracesData"}]}}}},"\##
        400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"\##
        #/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/response\##
        s/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{\##
        "$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let tracesSchemas = ##"""
        "TraceSummary":{"description":"One trace as a row of a list. With `fields`, only those.","type":"object","additionalProp\##
        erties":false,"required":[],"properties":{"trace_id":{"type":"string","description":"32 hexadecimal digits."},"name":{"t\##
        ype":["string","null"],"description":"Of the root."},"service":{"type":["string","null"],"description":"Of the root."},"\##
        start_time":{"type":"string","description":"Of the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"}\##
        ,"duration_ms":{"type":"number","description":"From the earliest start to the latest end."},"span_count":{"type":"intege\##
        r","description":"Spans, repeats left out."},"error_count":{"type":"integer","description":"Spans with the status error.\##
        "},"input_tokens":{"type":["integer","null"],"description":"Sum over its spans."},"output_tokens":{"type":["integer","nu\##
        ll"],"description":"Sum over its spans."},"total_tokens":{"type":["integer","null"],"description":"Sum over its spans."}\##
        ,"cost":{"type":["number","null"],"description":"US dollars."},"models":{"type":"array","description":"Models called.","\##
        items":{"type":"string"}},"session_id":{"type":["string","null"],"description":"Of the earliest span that has one."},"us\##
        er_id":{"type":["string","null"],"description":"Of the earliest span that has one."}}},"TraceList":{"type":"object","add\##
        itionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Traces.",\##
        "items":{"$ref":"#/components/schemas/TraceSummary"}},"next_cursor":{"type":["string","null"],"description":"For the nex\##
        t page; null on the last one."},"explain":{"$ref":"#/components/schemas/Explanation"}}},"Span":{"description":"A span wi\##
        th everything it carried.","type":"object","additionalProperties":false,"required":["span_id","parent_span_id","depth","\##
        name","service","span_kind","start_time","end_time","start_time_unix_nano","end_time_unix_nano","duration_ms","status","\##
        status_message","trace_state","flags","kind","provider","model","request_model","response_model","input_attribute","outp\##
        ut_attribute","input_tokens","output_tokens","cache_read_tokens","cache_write_tokens","reasoning_tokens","cost","reporte\##
        d_cost","session_id","user_id","prompt_name","prompt_version","tool_name","error_type","tags","attributes","dropped_attr\##
        ibutes_count","events","dropped_events_count","links","dropped_links_count","resource_index","scope_index"],"properties"\##
        :{"span_id":{"type":"string","description":"16 hexadecimal digits."},"parent_span_id":{"type":["string","null"],"descrip\##
        tion":"Null for a root."},"depth":{"type":"integer","description":"0 for a root."},"name":{"type":"string","description"\##
        :"The span's name."},"service":{"type":["string","null"],"description":"`service.name` of its resource."},"span_kind":{"\##
        type":"string","description":"unspecified, internal, server, client, producer, consumer, or a newer number."},"start_tim\##
        e":{"type":"string","description":"When it started. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"\##
        type":"string","description":"When it ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"start_time_unix_nan\##
        o":{"type":"string","description":"The same as a number."},"end_time_unix_nano":{"type":"string","description":"The same\##
         as a number."},"duration_ms":{"type":"number","description":"Negative when it ended before it started."},"status":{"typ\##
        e":"string","description":"unset, ok, error, or a newer number."},"status_message":{"type":["string","null"],"descriptio\##
        n":"What the sender said of it."},"trace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":{"ty\##
        pe":"integer","description":"W3C trace flags and OTLP's own."},"kind":{"type":"string","description":"What it is to an L\##
        LM application: span, llm, embedding, tool, agent, ..."},"provider":{"type":["string","null"],"description":"Canonical n\##
        ame."},"model":{"type":["string","null"],"description":"The response's model, else the request's."},"request_model":{"ty\##
        pe":["string","null"],"description":"As asked for."},"response_model":{"type":["string","null"],"description":"As answer\##
        ed."},"input_attribute":{"type":["string","null"],"description":"Key of the attribute with the input."},"output_attribut\##
        e":{"type":["string","null"],"description":"Key of the attribute with the output."},"input_tokens":{"type":["integer","n\##
        ull"],"description":"Cache reads and writes included."},"output_tokens":{"type":["integer","null"],"description":"Reason\##
        ing included."},"cache_read_tokens":{"type":["integer","null"],"description":"Of the input."},"cache_write_tokens":{"typ\##
        e":["integer","null"],"description":"Of the input."},"reasoning_tokens":{"type":["integer","null"],"description":"Of the\##
         output."},"cost":{"type":["number","null"],"description":"US dollars by the price table."},"reported_cost":{"type":["nu\##
        mber","null"],"description":"US dollars as the sender reported them."},"session_id":{"type":["string","null"],"descripti\##
        on":"Conversation."},"user_id":{"type":["string","null"],"description":"End user."},"prompt_name":{"type":["string","nul\##
        l"],"description":"Prompt template."},"prompt_version":{"type":["string","null"],"description":"Its version."},"tool_nam\##
        e":{"type":["string","null"],"description":"Tool called."},"error_type":{"type":["string","null"],"description":"Class o\##
        f the error."},"tags":{"type":"array","description":"Tags.","items":{"type":"string"}},"attributes":{"type":"object","de\##
        scription":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":\##
        "Attributes the sender dropped."},"events":{"type":"array","description":"Events in the order they were sent.","items":{\##
        "type":"object","additionalProperties":false,"required":["name","time","attributes","dropped_attributes_count"],"propert\##
        ies":{"name":{"type":"string","description":"The event's name."},"time":{"type":"string","description":"When. RFC 3339 w\##
        ith nanoseconds, UTC.","format":"date-time"},"attributes":{"type":"object","description":"Attributes by key.","additiona\##
        lProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"drop\##
        ped_events_count":{"type":"integer","description":"Events the sender dropped."},"links":{"type":"array","description":"L\##
        inks.","items":{"type":"object","additionalProperties":false,"required":["trace_id","span_id","trace_state","flags","att\##
        ributes","dropped_attributes_count"],"properties":{"trace_id":{"type":"string","description":"The other trace."},"span_i\##
        d":{"type":"string","description":"The other span."},"trace_state":{"type":["string","null"],"description":"W3C trace st\##
        ate."},"flags":{"type":"integer","description":"Flags."},"attributes":{"type":"object","description":"Attributes by key.\##
        ","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped\##
        ."}}}},"dropped_links_count":{"type":"integer","description":"Links the sender dropped."},"resource_index":{"type":"inte\##
        ger","description":"Its resource in `resources`."},"scope_index":{"type":"integer","description":"Its scope in `scopes`.\##
        "}}},"Trace":{"description":"A whole trace.","type":"object","additionalProperties":false,"required":["trace_id","span_c\##
        ount","error_count","start_time","end_time","duration_ms","spans","resources","scopes"],"properties":{"trace_id":{"type"\##
        :"string","description":"32 hexadecimal digits."},"span_count":{"type":"integer","description":"Spans, repeats left out.\##
        "},"error_count":{"type":"integer","description":"Spans with the status error."},"start_time":{"type":"string","descript\##
        ion":"Of the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"string","descript\##
        ion":"Of the latest end. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"duration_ms":{"type":"number","descript\##
        ion":"Between the two."},"spans":{"type":"array","description":"In tree order: each behind its parent, children by start\##
        .","items":{"$ref":"#/components/schemas/Span"}},"resources":{"type":"array","description":"What the spans name by index\##
        .","items":{"type":"object","additionalProperties":false,"required":["attributes","dropped_attributes_count","schema_url\##
        "],"properties":{"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_\##
        attributes_count":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{"type":["string","null\##
        "],"description":"Schema of the resource."}}}},"scopes":{"type":"array","description":"What the spans name by index.","i\##
        tems":{"type":"object","additionalProperties":false,"required":["name","version","attributes","dropped_attributes_count"\##
        ,"schema_url"],"properties":{"name":{"type":"string","description":"Instrumentation scope."},"version":{"type":["string"\##
        ,"null"],"description":"Its version."},"attributes":{"type":"object","description":"Attributes by key.","additionalPrope\##
        rties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{\##
        "type":["string","null"],"description":"Schema of the scope."}}}}}},"TracesData":{"description":"OTLP's `TracesData` in\##
         JSON.","type":"object","additionalProperties":false,"required":["resourceSpans"],"properties":{"resourceSpans":{"type":\##
        "array","description":"As OTLP says.","items":{"type":"object"}}}}
        """##
}
